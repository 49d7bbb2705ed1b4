/// f(z) = z where z > 0, else slope · z.
package struct LeakyReLU: Activation {
  package static let name = "leaky_relu"
  package static let title = "LeakyReLU"
  package static let parameter: (name: String, range: ClosedRange<Double>)? = ("slope", -1...1)

  /// The slope below 0.
  package var slope: Float

  package init(slope: Float) { self.slope = slope }
  package init() { self.init(slope: 0.01) }
  package init(parameter: Double) { self.init(slope: Float(parameter)) }

  package var onnx: [ONNXOperator] {
    [ONNXOperator("LeakyRelu", attributes: ["alpha": .float(slope)])]
  }
}
