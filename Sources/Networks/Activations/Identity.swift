/// f(z) = z.
public struct Identity: Activation {
  /// The name in network tables.
  public static let name = "identity"
  /// The name in listings.
  public static let title = ""

  /// The function; it has no parameters.
  public init() {}

  /// The ONNX nodes.
  public var onnx: [ONNXOperator] { [] }
}
