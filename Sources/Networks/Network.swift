import Common

/// A network as a graph of layers in the order they run.
///
/// Value 0 is the input image batch; node `i` makes value `i + 1`. The last value is the logits.
public struct Network: Sendable, Equatable {
  /// What a node does.
  public enum Operation: Sendable, Equatable {
    /// Convolution, batch normalisation, activation of one input.
    case unit(Unit)
    /// The sum of two inputs of one shape, then an activation: a residual connection.
    case join(Activation)
    /// The first input, `[N, H, W, C]`, times the second, `[N, C]`, at every pixel: the last step of
    /// squeeze-and-excitation (Hu et al., 2018).
    case scale
    /// The mean over height and width: `[N, H, W, C]` → `[N, C]`.
    case globalAveragePool
    /// A fully connected layer: `[N, C]` → `[N, outputFeatures]`.
    case linear(Linear)
    /// In training zero with the given probability, in [0, 1), else the input over 1 − probability;
    /// in evaluation the input: `[N, C]` → `[N, C]`.
    case dropout(Float)
  }

  /// One layer of the graph.
  public struct Node: Sendable, Equatable {
    /// What it does.
    public var operation: Operation
    /// The values it reads, each below its own.
    public var inputs: [Int]
    /// The PyTorch module it belongs to, for tables and messages: `feature_ext.3.res_block.1`.
    public var name: String
    /// The block that it is part of, `feature_ext.3`; nil where it stands alone.
    public var block: String?

    /// A node that reads `inputs`.
    public init(_ operation: Operation, inputs: [Int], name: String, block: String? = nil) {
      self.operation = operation
      self.inputs = inputs
      self.name = name
      self.block = block
    }
  }

  /// The architecture's name, `mobilenet_v2`.
  public let name: String
  /// The width multiplier it was built with.
  public let width: Double
  /// How many classes the last layer tells apart.
  public let classes: Int
  /// The layers, in running order.
  public let nodes: [Node]
  /// How the weights are drawn that training starts from.
  public let initializer: Initializer

  /// A network of the given nodes.
  public init(
    name: String, width: Double, classes: Int, nodes: [Node],
    initializer: Initializer = .kaimingNormal
  ) {
    self.name = name
    self.width = width
    self.classes = classes
    self.nodes = nodes
    self.initializer = initializer
  }
}

/// How weights are drawn that training starts from; biases are 0, batch normalisations 1 and 0.
public enum Initializer: String, Sendable, CaseIterable {
  /// Convolutions normal with standard deviation √(2 / fan_out), linear layers with 0.01: the
  /// study's, and torchvision's for MobileNet V2 and V3.
  case kaimingNormal = "kaiming_normal"
  /// Uniform within ±√(6 / (fan_in + fan_out)), Keras' default (Glorot and Bengio, 2010).
  ///
  /// A convolution's fans are those that Keras counts: k · k · its weight's input and output
  /// channels, where a depthwise convolution has `channels` inputs and one output.
  case glorotUniform = "glorot_uniform"
}

/// The shape of one image's value: height, width, channels.
public struct Shape: Sendable, Equatable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int
  /// Channels.
  public var channels: Int

  /// A value of `height × width × channels`.
  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Elements of one image.
  public var count: Int { height * width * channels }
}

extension Network {
  /// The shape of each value for one input image of `resolution × resolution × 3`; index 0 is the
  /// image.
  public func shapes(resolution: Int) -> [Shape] {
    var shapes = [Shape(height: resolution, width: resolution, channels: 3)]
    for node in nodes {
      let input = shapes[node.inputs[0]]
      switch node.operation {
      case .unit(let unit):
        let convolution = unit.convolution
        shapes.append(
          Shape(
            height: convolution.outputSize(input.height),
            width: convolution.outputSize(input.width), channels: convolution.outputChannels))
      case .join, .scale, .dropout:
        shapes.append(input)
      case .globalAveragePool:
        shapes.append(Shape(height: 1, width: 1, channels: input.channels))
      case .linear(let linear):
        shapes.append(Shape(height: 1, width: 1, channels: linear.outputFeatures))
      }
    }
    return shapes
  }

  /// The most numbers that the feature maps of one image may have together.
  private static let maximumNumbers = 1 << 40

  /// Throws a `SweepError` where images of `resolution × resolution` leave a layer without pixels,
  /// or make feature maps beyond all measure.
  public func check(resolution: Int) throws(SweepError) {
    let shapes = shapes(resolution: resolution)
    for (node, shape) in zip(nodes, shapes.dropFirst()) where shape.height < 1 {
      throw SweepError(
        .badInput, "resolution \(resolution) leaves \(node.name) of \(name) without pixels",
        advice: "use a higher one")
    }
    guard shapes.reduce(0, { $0 + $1.count }) <= Self.maximumNumbers else {
      throw SweepError(
        .badInput, "the feature maps of \(name) at resolution \(resolution) take terabytes",
        advice: "use fewer channels or a lower resolution")
    }
  }
}
