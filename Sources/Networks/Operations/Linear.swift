/// A fully connected layer with a bias: `[N, inputFeatures]` → `[N, outputFeatures]`.
package struct Linear: Operation {
  package var inputFeatures: Int
  package var outputFeatures: Int
  /// The module prefix of its parameters, `classifier.2`.
  package var name: String
  package var activation: any Activation

  package init(
    inputFeatures: Int, outputFeatures: Int, name: String,
    activation: any Activation = Identity()
  ) {
    self.inputFeatures = inputFeatures
    self.outputFeatures = outputFeatures
    self.name = name
    self.activation = activation
  }

  package var title: String { "linear" + activation.suffix }

  package func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    try ShapeMismatch.check(
      inputs[0] == ValueShape(extent: .one, channels: inputFeatures),
      "it reads \(inputFeatures) features and gets \(inputs[0])")
    try ShapeMismatch.check(outputFeatures > 0, "it has no outputs")
    return ValueShape(extent: .one, channels: outputFeatures)
  }

  package func parameters(ofNode node: Int) -> [ParameterSpec] {
    [
      ParameterSpec("\(name).weight", [outputFeatures, inputFeatures], .linearWeight, node),
      ParameterSpec("\(name).bias", [outputFeatures], .linearBias, node),
    ]
  }

  package func macs(output: Shape) -> Int { inputFeatures * outputFeatures }

  package func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [
      ONNXOperator(
        "Gemm", [.tensor("\(name).weight"), .tensor("\(name).bias")],
        attributes: ["transB": .integer(1)])
    ] + activation.onnx
  }
}
