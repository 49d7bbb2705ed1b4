/// f(z) = max(z, 0).
public struct ReLU: Activation {
  public static let name = "relu"
  public static let title = "ReLU"

  /// The function; it has no parameters.
  public init() {}

  public var onnx: [ONNXOperator] { [ONNXOperator("Relu")] }
}
