/// The mean over height and width: `[N, H, W, C]` → `[N, C]`.
public struct GlobalAveragePool: Operation {
  /// A pool over all pixels.
  public init() {}

  /// A short description for tables.
  public var title: String { "average pool" }

  /// The output's shape; throws if the inputs do not fit.
  public func output(of inputs: [ValueShape]) -> ValueShape {
    ValueShape(extent: .one, channels: inputs[0].channels)
  }

  /// What thop 0.1.1 counts beyond MACs.
  public func thopExtra(input: Shape, output: Shape) -> Int {
    (input.height * input.width + 1) * output.count
  }

  /// The ONNX nodes.
  public func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [ONNXOperator("GlobalAveragePool"), ONNXOperator("Flatten", attributes: ["axis": .integer(1)])]
  }
}
