/// f(z) = max(z, 0).
public struct ReLU: Activation {
  /// The name in network tables.
  public static let name = "relu"
  /// The name in listings.
  public static let title = "ReLU"

  /// The function; it has no parameters.
  public init() {}

  /// The ONNX nodes.
  public var onnx: [ONNXOperator] { [ONNXOperator("Relu")] }
}
