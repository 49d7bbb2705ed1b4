/// f(z) = z · min(max(z + 3, 0), 6) / 6 (Howard et al., "Searching for MobileNetV3", 2019).
public struct HardSwish: Activation {
  /// The name in network tables.
  public static let name = "hard_swish"
  /// The name in listings.
  public static let title = "Hardswish"

  /// The function; it has no parameters.
  public init() {}

  /// The ONNX nodes.
  public var onnx: [ONNXOperator] { [ONNXOperator("HardSwish")] }
}
