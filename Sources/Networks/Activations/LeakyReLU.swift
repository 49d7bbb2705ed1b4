/// f(z) = z where z > 0, else slope · z.
public struct LeakyReLU: Activation {
  /// The name in network tables.
  public static let name = "leaky_relu"
  /// The name in listings.
  public static let title = "LeakyReLU"
  /// The parameter; nil if there is none.
  public static let parameter: (name: String, range: ClosedRange<Double>)? = ("slope", -1...1)

  /// The slope below 0.
  public var slope: Float

  /// The function with the given slope below 0.
  public init(slope: Float) { self.slope = slope }
  /// Creates the activation.
  public init() { self.init(slope: 0.01) }
  /// Creates the activation.
  public init(parameter: Double) { self.init(slope: Float(parameter)) }

  /// The ONNX nodes.
  public var onnx: [ONNXOperator] {
    [ONNXOperator("LeakyRelu", attributes: ["alpha": .float(slope)])]
  }
}
