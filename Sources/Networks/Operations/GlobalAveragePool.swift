/// The mean over height and width: `[N, H, W, C]` → `[N, C]`.
public struct GlobalAveragePool: Operation {
  /// A pool over all pixels.
  public init() {}

  public var title: String { "average pool" }

  public func output(of inputs: [ValueShape]) -> ValueShape {
    ValueShape(extent: .one, channels: inputs[0].channels)
  }

  public func thopExtra(input: Shape, output: Shape) -> Int {
    (input.height * input.width + 1) * output.count
  }

  public func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [ONNXOperator("GlobalAveragePool"), ONNXOperator("Flatten", attributes: ["axis": .integer(1)])]
  }
}
