/// A convolution, its batch normalization and its activation: the layer that engines fuse.
public struct ConvBNAct: Operation {
  /// The convolution.
  public var convolution: Conv2d
  /// The module prefix of the convolution's parameters, `stem.conv_block.0`.
  public var convolutionName: String
  /// The batch normalization; nil if there is none.
  public var batchNorm: BatchNorm2d?
  /// The module prefix of the batch normalization's parameters, `stem.conv_block.1`.
  public var batchNormName: String
  /// The activation that readers of the output apply.
  public var activation: any Activation

  /// A layer with the given parts.
  public init(
    convolution: Conv2d, convolutionName: String, batchNorm: BatchNorm2d?, batchNormName: String,
    activation: any Activation
  ) {
    self.convolution = convolution
    self.convolutionName = convolutionName
    self.batchNorm = batchNorm
    self.batchNormName = batchNormName
    self.activation = activation
  }

  /// A short description for tables.
  public var title: String {
    let kind = convolution.isDepthwise ? "depthwise" : "conv"
    return "\(convolution.kernelSize)×\(convolution.kernelSize) \(kind)\(convolution.strideText)"
      + activation.suffix
  }

  /// Whether it can read the input images.
  public var readsImages: Bool { convolution.groups == 1 }

  /// The output's shape; throws if the inputs do not fit.
  public func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
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

  /// The parameters in `state_dict` order.
  public func parameters(ofNode node: Int) -> [ParameterSpec] {
    let channels = [convolution.outputChannels]
    let size = convolution.kernelSize
    let shape = channels + [convolution.inputChannels / convolution.groups, size, size]
    var specs = [ParameterSpec("\(convolutionName).weight", shape, .convolutionWeight, node)]
    if convolution.bias {
      specs.append(ParameterSpec("\(convolutionName).bias", channels, .convolutionBias, node))
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

  /// Multiply-accumulates per image.
  public func macs(output: Shape) -> Int {
    output.count * convolution.kernelSize * convolution.kernelSize
      * (convolution.inputChannels / convolution.groups)
  }

  /// What thop 0.1.1 counts beyond MACs.
  public func thopExtra(input: Shape, output: Shape) -> Int {
    batchNorm == nil ? 0 : 4 * output.count
  }

  /// The ONNX nodes.
  public func onnx(inputs: [Shape]) -> [ONNXOperator] {
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

  /// Whether both are the same.
  public static func == (left: ConvBNAct, right: ConvBNAct) -> Bool {
    left.convolution == right.convolution && left.convolutionName == right.convolutionName
      && left.batchNorm == right.batchNorm && left.batchNormName == right.batchNormName
      && left.activation.isEqual(right.activation)
  }
}

/// A two-dimensional convolution over `[N, H, W, C]`, as PyTorch's `Conv2d` defines it.
public struct Conv2d: SlidingWindow, Equatable {
  /// Channels in.
  public var inputChannels: Int
  /// Channels out.
  public var outputChannels: Int
  /// Height and width of the window in pixels.
  public var kernelSize: Int
  /// Pixels between two windows.
  public var stride: Int
  /// Padding around the input.
  public var padding: Padding
  /// 1, or `inputChannels` for a depthwise convolution.
  public var groups: Int
  /// Whether a bias is added.
  public var bias: Bool

  /// A convolution; `groups` is 1 or `inputChannels`.
  public init(
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

  /// Whether each channel is convolved by itself.
  public var isDepthwise: Bool { groups > 1 && groups == inputChannels }
}

/// Batch normalization over the channels.
public struct BatchNorm2d: Sendable, Equatable {
  /// Added to the variance.
  public var epsilon: Float
  /// The weight of the newest batch in the running statistics, PyTorch's `momentum`.
  public var momentum: Float

  /// PyTorch's defaults: ε 1e-5, momentum 0.1.
  public init(epsilon: Float = 1e-5, momentum: Float = 0.1) {
    self.epsilon = epsilon
    self.momentum = momentum
  }
}
