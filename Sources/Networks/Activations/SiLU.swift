/// f(z) = z / (1 + exp(−z)), also called swish (Ramachandran et al., 2017).
public struct SiLU: Activation {
  /// The name in network tables.
  public static let name = "silu"
  /// The name in listings.
  public static let title = "SiLU"

  /// The function; it has no parameters.
  public init() {}

  /// The ONNX nodes.
  public var onnx: [ONNXOperator] {
    [ONNXOperator("Sigmoid"), ONNXOperator("Mul", [.inputOfPrevious])]
  }
}
