/// An activation function, by the field's name.
public enum Activation: Sendable, Equatable, Hashable {
  /// f(z) = z.
  case identity
  /// f(z) = max(z, 0).
  case relu
  /// f(z) = min(max(z, 0), 6).
  case relu6
  /// f(z) = z where z > 0, else slope · z.
  case leakyReLU(slope: Float)
  /// f(z) = z · min(max(z + 3, 0), 6) / 6 (Howard et al., "Searching for MobileNetV3", 2019).
  case hardSwish
  /// f(z) = min(max(z + 3, 0), 6) / 6.
  case hardSigmoid
}

/// The zeros around a convolution's input.
public enum Padding: Sendable, Equatable, Hashable {
  /// That many rows and columns at every edge, as PyTorch's `Conv2d` takes them.
  case symmetric(Int)
  /// TensorFlow's `"same"`: as many as make the output ⌈input / stride⌉ wide; of an odd number the
  /// bottom and the right edge have one more.
  case same
}

/// A two-dimensional convolution over `[N, H, W, C]`, as PyTorch's `Conv2d` defines it.
public struct Conv2d: Sendable, Equatable {
  /// Channels in.
  public var inputChannels: Int
  /// Channels out.
  public var outputChannels: Int
  /// Height and width of the kernel.
  public var kernelSize: Int
  /// Rows and columns between two outputs.
  public var stride: Int
  /// The zeros around the input.
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
  /// Whether it is a plain 1×1 convolution of stride 1.
  public var isPointwise: Bool { kernelSize == 1 && groups == 1 }

  /// The zeros before and after an input of `size` rows or columns.
  public func zeros(around size: Int) -> (before: Int, after: Int) {
    switch padding {
    case .symmetric(let count): return (count, count)
    case .same:
      let total = max(((size + stride - 1) / stride - 1) * stride + kernelSize - size, 0)
      return (total / 2, total - total / 2)
    }
  }

  /// Rows or columns out of `size` rows or columns; 0 where the kernel does not fit.
  public func outputSize(_ size: Int) -> Int {
    let zeros = zeros(around: size)
    let room = size + zeros.before + zeros.after - kernelSize
    return room < 0 ? 0 : room / stride + 1
  }
}

/// Batch normalisation over the channels; `momentum` in PyTorch's sense.
public struct BatchNorm2d: Sendable, Equatable {
  /// Added to the variance.
  public var epsilon: Float
  /// The weight of the newest batch in the running statistics.
  public var momentum: Float

  /// PyTorch's defaults: ε 1e-5, momentum 0.1.
  public init(epsilon: Float = 1e-5, momentum: Float = 0.1) {
    self.epsilon = epsilon
    self.momentum = momentum
  }
}

/// What is fused in training: a convolution, its bias and batch normalisation if it has them, its
/// activation.
public struct Unit: Sendable, Equatable {
  /// The convolution.
  public var convolution: Conv2d
  /// The module prefix of the convolution's parameters, `stem.conv_block.0`.
  public var convolutionName: String
  /// The batch normalisation; nil where there is none.
  public var batchNorm: BatchNorm2d?
  /// The module prefix of the batch normalisation's parameters, `stem.conv_block.1`.
  public var batchNormName: String
  /// The activation that the unit's readers apply.
  public var activation: Activation

  /// A unit with the given parts.
  public init(
    convolution: Conv2d, convolutionName: String, batchNorm: BatchNorm2d?, batchNormName: String,
    activation: Activation
  ) {
    self.convolution = convolution
    self.convolutionName = convolutionName
    self.batchNorm = batchNorm
    self.batchNormName = batchNormName
    self.activation = activation
  }
}

/// A fully connected layer with a bias.
public struct Linear: Sendable, Equatable {
  /// Features in.
  public var inputFeatures: Int
  /// Features out.
  public var outputFeatures: Int
  /// The module prefix of its parameters, `classifier.2`.
  public var name: String
  /// The activation that the layer's readers apply.
  public var activation: Activation

  /// A layer from `inputFeatures` to `outputFeatures`.
  public init(
    inputFeatures: Int, outputFeatures: Int, name: String, activation: Activation = .identity
  ) {
    self.inputFeatures = inputFeatures
    self.outputFeatures = outputFeatures
    self.name = name
    self.activation = activation
  }
}
