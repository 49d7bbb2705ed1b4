/// The sum of two values of one shape, then an activation: a residual connection.
public struct Add: Operation {
  public var activation: any Activation

  /// A sum that is followed by `activation`.
  public init(activation: any Activation = Identity()) { self.activation = activation }

  public var title: String { "add" + activation.suffix }
  public var inputCount: Int { 2 }

  public func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    let (a, b) = (inputs[0], inputs[1])
    try ShapeMismatch.check(a == b, "it adds \(a) and \(b)")
    return a
  }

  public func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [ONNXOperator("Add", [.input(1)])] + activation.onnx
  }

  public static func == (left: Add, right: Add) -> Bool {
    left.activation.isEqual(right.activation)
  }
}
