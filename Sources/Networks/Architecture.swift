/// An architecture as data: what is the same at every width, one row a stage.
///
/// `docs/networks.md` tells how a file describes one.
public struct Architecture: Sendable, Equatable {
  /// What one row of the table repeats.
  public enum Block: Sendable, Equatable {
    /// A convolution unit.
    case convolution
    /// A depthwise unit, then a pointwise 1×1 unit, both activated: MobileNet V1's.
    case depthwiseSeparable
    /// Expansion, depthwise, linear projection: MobileNet V2's and V3's.
    case invertedResidual(InvertedResidual)
  }

  /// What the units of a network or of one row have in common.
  public struct UnitStyle: Sendable, Equatable {
    /// The activation of all units but linear projections.
    public var activation = Activation.relu6
    /// The batch normalisation; nil for none.
    public var batchNorm: BatchNorm2d? = BatchNorm2d()
    /// Whether convolutions have a bias.
    public var bias = false
    /// The zeros around their inputs.
    public var padding = PaddingRule.symmetric
  }

  /// How the zeros around a convolution's input follow from its kernel.
  public enum PaddingRule: String, Sendable, CaseIterable {
    /// (k − 1) / 2 at every edge, PyTorch's habit.
    case symmetric
    /// TensorFlow's `"same"`.
    case same
    /// None, TensorFlow's `"valid"`.
    case none

    /// The zeros for a kernel of `size × size`.
    func padding(kernelSize size: Int) -> Padding {
      switch self {
      case .symmetric: .symmetric((size - 1) / 2)
      case .same: .same
      case .none: .symmetric(0)
      }
    }
  }

  /// What an inverted residual block has beside its row's shape.
  public struct InvertedResidual: Sendable, Equatable {
    /// The channels between expansion and projection.
    public enum Hidden: Sendable, Equatable {
      /// So many times the block's input, V2's t.
      case expansion(Double)
      /// So many at width 1, V3's "exp size".
      case channels(Int)
    }

    /// When a block has an expansion unit.
    public enum Expand: String, Sendable, CaseIterable {
      /// Where the hidden channels are not as many as the input's.
      case whereNeeded = "where_needed"
      /// In every block.
      case always
    }

    /// When the block's input joins its output.
    public enum Residual: String, Sendable, CaseIterable {
      /// Where the shapes are the same.
      case whereEqual = "where_equal"
      /// In every block: through an activated 1×1 unit of the block's stride where they differ.
      case always
      /// Never.
      case never
    }

    /// The channels between expansion and projection.
    public var hidden: Hidden
    /// When there is an expansion unit.
    public var expand = Expand.whereNeeded
    /// When the input joins the output.
    public var residual = Residual.whereEqual
    /// What follows the sum.
    public var joinActivation = Activation.identity
    /// By how much squeeze-and-excitation reduces the hidden channels; nil where there is none.
    public var squeezeExcitation: Int?
  }

  /// One row of the table: `repeats` blocks, the first of stride `stride`, the others of stride 1.
  public struct Stage: Sendable, Equatable {
    /// What is repeated.
    public var block: Block
    /// The channels out of each block at width 1.
    public var channels: Int
    /// How often the block is repeated.
    public var repeats: Int
    /// The first block's stride.
    public var stride: Int
    /// Height and width of its convolution or depthwise convolution.
    public var kernelSize: Int
    /// What its units have in common.
    public var style: UnitStyle
  }

  /// A single unit, before or after the stages.
  public struct UnitRow: Sendable, Equatable {
    /// The channels out at width 1.
    public var channels: Int
    /// Height and width of the kernel.
    public var kernelSize: Int
    /// Rows and columns between two outputs.
    public var stride: Int
    /// What it is made of.
    public var style: UnitStyle
  }

  /// What follows the pooling, before the layer that tells the classes apart.
  public struct Head: Sendable, Equatable {
    /// The features of linear layers at width 1, in their order.
    public var hidden: [Int] = []
    /// What follows each of them.
    public var activation = Activation.identity
    /// The probability that a feature is dropped in training; 0 for no dropout.
    public var dropout: Float = 0
  }

  /// The name users type, `mobilenet_v2`.
  public var name: String
  /// The first unit.
  public var stem: UnitRow
  /// The rows.
  public var stages: [Stage]
  /// The unit before the pooling; nil where there is none.
  public var tail: UnitRow?
  /// The channels of the tail under `make_divisible`, as a multiple of its input's, torchvision's
  /// rule for V3; nil: its own, never fewer than at width 1, the rule for V2.
  public var tailExpansion: Int?
  /// What follows the pooling.
  public var head: Head
  /// The names of its parameters.
  public var modules: ModuleNames
  /// How the weights are drawn that training starts from.
  public var initializer: Initializer
  /// The table as JSON on one line, however its file is written: equal for equal networks.
  public var canonical: String
}
