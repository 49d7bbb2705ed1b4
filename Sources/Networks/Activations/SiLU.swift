/// f(z) = z / (1 + exp(−z)), also called swish (Ramachandran et al., 2017).
public struct SiLU: Activation {
  public static let name = "silu"
  public static let title = "SiLU"

  /// The function; it has no parameters.
  public init() {}

  public var onnx: [ONNXOperator] {
    [ONNXOperator("Sigmoid"), ONNXOperator("Mul", [.inputOfPrevious])]
  }
}
