/// f(z) = z.
public struct Identity: Activation {
  public static let name = "identity"
  public static let title = ""

  /// The function; it has no parameters.
  public init() {}

  public var onnx: [ONNXOperator] { [] }
}
