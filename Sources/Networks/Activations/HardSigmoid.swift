/// f(z) = min(max(z + 3, 0), 6) / 6.
public struct HardSigmoid: Activation {
  /// The name in network tables.
  public static let name = "hard_sigmoid"
  /// The name in listings.
  public static let title = "Hardsigmoid"

  /// The function; it has no parameters.
  public init() {}

  /// The ONNX nodes.
  public var onnx: [ONNXOperator] {
    [ONNXOperator("HardSigmoid", attributes: ["alpha": .float(1.0 / 6), "beta": .float(0.5)])]
  }
}
