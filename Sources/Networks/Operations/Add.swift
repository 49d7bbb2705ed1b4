/// The sum of two values of equal shape, then an activation: a residual connection.
package struct Add: Operation {
  package var activation: any Activation

  package init(activation: any Activation = Identity()) { self.activation = activation }

  package var title: String { "add" + activation.suffix }
  package var inputCount: Int { 2 }

  package func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    let (a, b) = (inputs[0], inputs[1])
    try ShapeMismatch.check(a == b, "it adds \(a) and \(b)")
    return a
  }

  package func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [ONNXOperator("Add", [.input(1)])] + activation.onnx
  }
}
