/// f(z) = min(max(z, 0), 6).
public struct ReLU6: Activation {
  /// The name in network tables.
  public static let name = "relu6"
  /// The name in listings.
  public static let title = "ReLU6"

  /// The function; it has no parameters.
  public init() {}

  /// The ONNX nodes.
  public var onnx: [ONNXOperator] { [ONNXOperator("Clip", [.scalar(0), .scalar(6)])] }
}
