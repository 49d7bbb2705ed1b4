/// The sum of two values of one shape, then an activation: a residual connection.
public struct Add: Operation {
  /// The activation that readers of the output apply.
  public var activation: any Activation

  /// A sum that is followed by `activation`.
  public init(activation: any Activation = Identity()) { self.activation = activation }

  /// A short description for tables.
  public var title: String { "add" + activation.suffix }
  /// How many inputs it reads.
  public var inputCount: Int { 2 }

  /// The output's shape; throws if the inputs do not fit.
  public func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    let (a, b) = (inputs[0], inputs[1])
    try ShapeMismatch.check(a == b, "it adds \(a) and \(b)")
    return a
  }

  /// The ONNX nodes.
  public func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [ONNXOperator("Add", [.input(1)])] + activation.onnx
  }

  /// Whether both are the same.
  public static func == (left: Add, right: Add) -> Bool {
    left.activation.isEqual(right.activation)
  }
}
