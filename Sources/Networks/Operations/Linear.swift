/// A fully connected layer with a bias: `[N, inputFeatures]` → `[N, outputFeatures]`.
public struct Linear: Operation {
  /// Features in.
  public var inputFeatures: Int
  /// Features out.
  public var outputFeatures: Int
  /// The module prefix of its parameters, `classifier.2`.
  public var name: String
  /// The activation that readers of the output apply.
  public var activation: any Activation

  /// A layer from `inputFeatures` to `outputFeatures`.
  public init(
    inputFeatures: Int, outputFeatures: Int, name: String,
    activation: any Activation = Identity()
  ) {
    self.inputFeatures = inputFeatures
    self.outputFeatures = outputFeatures
    self.name = name
    self.activation = activation
  }

  /// A short description for tables.
  public var title: String { "linear" + activation.suffix }

  /// The output's shape; throws if the inputs do not fit.
  public func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    try ShapeMismatch.check(
      inputs[0] == ValueShape(extent: .one, channels: inputFeatures),
      "it reads \(inputFeatures) features and gets \(inputs[0])")
    try ShapeMismatch.check(outputFeatures > 0, "it has no outputs")
    return ValueShape(extent: .one, channels: outputFeatures)
  }

  /// The parameters in `state_dict` order.
  public func parameters(ofNode node: Int) -> [ParameterSpec] {
    [
      ParameterSpec("\(name).weight", [outputFeatures, inputFeatures], .linearWeight, node),
      ParameterSpec("\(name).bias", [outputFeatures], .linearBias, node),
    ]
  }

  /// Multiply-accumulates per image.
  public func macs(output: Shape) -> Int { inputFeatures * outputFeatures }

  /// The ONNX nodes.
  public func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [
      ONNXOperator(
        "Gemm", [.tensor("\(name).weight"), .tensor("\(name).bias")],
        attributes: ["transB": .integer(1)])
    ] + activation.onnx
  }

  /// Whether both are the same.
  public static func == (left: Linear, right: Linear) -> Bool {
    left.inputFeatures == right.inputFeatures && left.outputFeatures == right.outputFeatures
      && left.name == right.name && left.activation.isEqual(right.activation)
  }
}
