/// In training zero with the given probability, else the input divided by 1 − probability; in
/// evaluation the input: `[N, C]` → `[N, C]`.
public struct Dropout: Operation {
  /// The probability that a feature is dropped, in [0, 1).
  public var probability: Float

  /// A dropout of the given probability.
  public init(_ probability: Float) { self.probability = probability }

  /// A short description for tables.
  public var title: String { "dropout \(probability)" }

  /// The output's shape; throws if the inputs do not fit.
  public func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    try ShapeMismatch.check(inputs[0].extent == .one, "it reads features and gets \(inputs[0])")
    try ShapeMismatch.check((0..<1).contains(probability), "its probability is \(probability)")
    return inputs[0]
  }

  /// The ONNX nodes.
  public func onnx(inputs: [Shape]) -> [ONNXOperator] { [] }
}
