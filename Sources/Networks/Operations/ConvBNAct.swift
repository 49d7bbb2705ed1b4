/// A convolution with its batch normalization and activation, which engines fuse.
package struct ConvBNAct: Operation {
  package var convolution: Conv2d
  /// The module prefix of the convolution's parameters, `stem.conv_block.0`.
  package var convolutionName: String
  package var batchNorm: BatchNorm2d?
  /// The module prefix of the batch normalization's parameters, `stem.conv_block.1`.
  package var batchNormName: String
  package var activation: any Activation

  package init(
    convolution: Conv2d, convolutionName: String, batchNorm: BatchNorm2d?, batchNormName: String,
    activation: any Activation
  ) {
    self.convolution = convolution
    self.convolutionName = convolutionName
    self.batchNorm = batchNorm
    self.batchNormName = batchNormName
    self.activation = activation
  }

  package var title: String {
    let kind = convolution.isDepthwise ? "depthwise" : "conv"
    return "\(convolution.kernelSize)×\(convolution.kernelSize) \(kind)\(convolution.strideText)"
      + activation.suffix
  }

  package var readsImages: Bool { convolution.groups == 1 }

  package func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    let (channels, outputs) = (convolution.inputChannels, convolution.outputChannels)
    try ShapeMismatch.check(
      channels == inputs[0].channels,
      "it reads \(channels) channels and gets \(inputs[0].channels)")
    try ShapeMismatch.check(outputs > 0, "it has no output channels")
    try ShapeMismatch.check(
      convolution.groups == 1 || (convolution.groups == channels && channels == outputs),
      "it has \(convolution.groups) groups for \(channels) → \(outputs) channels")
    return ValueShape(extent: try convolution.extent(of: inputs[0].extent), channels: outputs)
  }

  package func parameters(ofNode node: Int) -> [ParameterSpec] {
    let channels = [convolution.outputChannels]
    let size = convolution.kernelSize
    let shape = channels + [convolution.inputChannels / convolution.groups, size, size]
    var specs = [ParameterSpec("\(convolutionName).weight", shape, .weight, node)]
    if convolution.bias {
      specs.append(ParameterSpec("\(convolutionName).bias", channels, .bias, node))
    }
    if batchNorm != nil {
      specs += [
        ParameterSpec("\(batchNormName).weight", channels, .batchNormWeight, node),
        ParameterSpec("\(batchNormName).bias", channels, .batchNormBias, node),
        ParameterSpec("\(batchNormName).running_mean", channels, .runningMean, node),
        ParameterSpec("\(batchNormName).running_var", channels, .runningVariance, node),
        ParameterSpec("\(batchNormName).num_batches_tracked", [], .batchesTracked, node),
      ]
    }
    return specs
  }

  package func macs(output: Shape) -> Int {
    output.count * convolution.kernelSize * convolution.kernelSize
      * (convolution.inputChannels / convolution.groups)
  }

  package func thopExtra(input: Shape, output: Shape) -> Int {
    batchNorm == nil ? 0 : 4 * output.count
  }

  package func onnx(inputs: [Shape]) -> [ONNXOperator] {
    let weights = ["weight"] + (convolution.bias ? ["bias"] : [])
    var operators = [
      ONNXOperator(
        "Conv", weights.map { .tensor("\(convolutionName).\($0)") },
        attributes: convolution.onnxAttributes(input: inputs[0], groups: convolution.groups))
    ]
    if let batchNorm {
      operators.append(
        ONNXOperator(
          "BatchNormalization",
          ["weight", "bias", "running_mean", "running_var"].map {
            .tensor("\(batchNormName).\($0)")
          }, attributes: ["epsilon": .float(batchNorm.epsilon)]))
    }
    return operators + activation.onnx
  }
}

/// A two-dimensional convolution over `[N, H, W, C]`, as PyTorch's `Conv2d` defines it.
package struct Conv2d: SlidingWindow, Equatable {
  package var inputChannels: Int
  package var outputChannels: Int
  package var kernelSize: Int
  package var stride: Int
  package var padding: Padding
  /// 1, or `inputChannels` for a depthwise convolution.
  package var groups: Int
  package var bias: Bool

  package init(
    inputChannels: Int, outputChannels: Int, kernelSize: Int = 1, stride: Int = 1,
    padding: Padding = .symmetric(0), groups: Int = 1, bias: Bool = false
  ) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
    self.groups = groups
    self.bias = bias
  }

  /// Whether each channel is convolved separately.
  package var isDepthwise: Bool { groups > 1 && groups == inputChannels }
}

/// Batch normalization over the channels.
package struct BatchNorm2d: Sendable, Equatable {
  package var epsilon: Float
  /// The weight of the newest batch in the running statistics, PyTorch's `momentum`.
  package var momentum: Float

  package init(epsilon: Float = 1e-5, momentum: Float = 0.1) {
    self.epsilon = epsilon
    self.momentum = momentum
  }
}
