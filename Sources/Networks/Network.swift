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
    /// The mean over height and width: `[N, H, W, C]` → `[N, C]`.
    case globalAveragePool
    /// A fully connected layer: `[N, C]` → `[N, classes]`.
    case linear(Linear)
  }

  /// One layer of the graph.
  public struct Node: Sendable, Equatable {
    /// What it does.
    public var operation: Operation
    /// The values it reads, each below its own.
    public var inputs: [Int]
    /// The PyTorch module it belongs to, for tables and messages: `feature_ext.3.res_block.1`.
    public var name: String

    /// A node that reads `inputs`.
    public init(_ operation: Operation, inputs: [Int], name: String) {
      self.operation = operation
      self.inputs = inputs
      self.name = name
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

  /// A network of the given nodes.
  public init(name: String, width: Double, classes: Int, nodes: [Node]) {
    self.name = name
    self.width = width
    self.classes = classes
    self.nodes = nodes
  }
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
        func output(_ size: Int) -> Int {
          (size + 2 * convolution.padding - convolution.kernelSize) / convolution.stride + 1
        }
        shapes.append(
          Shape(
            height: output(input.height), width: output(input.width),
            channels: convolution.outputChannels))
      case .join:
        shapes.append(input)
      case .globalAveragePool:
        shapes.append(Shape(height: 1, width: 1, channels: input.channels))
      case .linear(let linear):
        shapes.append(Shape(height: 1, width: 1, channels: linear.outputFeatures))
      }
    }
    return shapes
  }
}
