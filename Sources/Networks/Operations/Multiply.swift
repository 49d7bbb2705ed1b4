/// The first input, `[N, H, W, C]`, times the second, `[N, C]`, at every pixel: the last step of
/// squeeze-and-excitation (Hu et al., 2018, equation 4).
public struct Multiply: Operation {
  /// A product of a map and a gate.
  public init() {}

  /// A short description for tables.
  public var title: String { "scale" }
  /// How many inputs it reads.
  public var inputCount: Int { 2 }
  /// Which form of its inputs the ONNX node reads.
  public var onnxInput: Int { 1 }

  /// The output's shape; throws if the inputs do not fit.
  public func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    let (map, gate) = (inputs[0], inputs[1])
    try ShapeMismatch.check(
      gate.extent == .one && map.channels == gate.channels,
      "its gate is \(gate) for a map of \(map.channels) channels")
    return map
  }

  /// The ONNX nodes.
  public func onnx(inputs: [Shape]) -> [ONNXOperator] {
    // The gate gets a height and a width of 1, then is broadcast over the map.
    [
      ONNXOperator("Unsqueeze", [.axes(name: "plane", [2, 3])]), ONNXOperator("Mul", [.input(0)]),
    ]
  }
}
