/// f(z) = z where z > 0, else slope · z.
public struct LeakyReLU: Activation {
  public static let name = "leaky_relu"
  public static let title = "LeakyReLU"
  public static let parameter: (name: String, range: ClosedRange<Double>)? = ("slope", -1...1)

  /// The slope below 0.
  public var slope: Float

  /// The function with the given slope below 0.
  public init(slope: Float) { self.slope = slope }
  public init() { self.init(slope: 0.01) }
  public init(parameter: Double) { self.init(slope: Float(parameter)) }

  public var onnx: [ONNXOperator] {
    [ONNXOperator("LeakyRelu", attributes: ["alpha": .float(slope)])]
  }
}
