/// f(z) = min(max(z, 0), 6).
public struct ReLU6: Activation {
  public static let name = "relu6"
  public static let title = "ReLU6"

  /// The function; it has no parameters.
  public init() {}

  public var onnx: [ONNXOperator] { [ONNXOperator("Clip", [.scalar(0), .scalar(6)])] }
}
