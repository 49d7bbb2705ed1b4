/// In training, 0 with the given probability, else the input divided by 1 − probability; in
/// evaluation, the input: `[N, C]` → `[N, C]`.
package struct Dropout: Operation {
  /// The probability that a feature is dropped, in [0, 1).
  package var probability: Float

  package init(_ probability: Float) { self.probability = probability }

  package var title: String { "dropout \(probability)" }

  package func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    try ShapeMismatch.check(inputs[0].extent == .one, "it reads features and gets \(inputs[0])")
    try ShapeMismatch.check((0..<1).contains(probability), "its probability is \(probability)")
    return inputs[0]
  }

  package func onnx(inputs: [Shape]) -> [ONNXOperator] { [] }
}
