/// An architecture as data: what is the same at every width, one row a stage.
public struct Architecture: Sendable, Equatable {
  /// What one row of the table repeats.
  public enum Block: Sendable, Equatable {
    /// A depthwise 3×3 unit, then a pointwise 1×1 unit, both activated: MobileNet V1's.
    case depthwiseSeparable
    /// Expansion, depthwise, linear projection; the input is added where the shapes agree:
    /// MobileNet V2's.
    ///
    /// The hidden units have `expansion` times the input's channels; at 1 there is no expansion
    /// unit.
    case invertedResidual(expansion: Int)
    /// MobileNet V2's block with a residual connection everywhere and a LeakyReLU after the sum.
    ///
    /// Where the shapes differ the input joins through an activated 1×1 unit of the block's stride.
    case customInvertedResidual(expansion: Int)
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

    /// A row of the table.
    public init(_ block: Block, channels: Int, repeats: Int, stride: Int) {
      self.block = block
      self.channels = channels
      self.repeats = repeats
      self.stride = stride
    }
  }

  /// A single unit, before or after the stages.
  public struct UnitRow: Sendable, Equatable {
    /// The channels out at width 1.
    public var channels: Int
    /// Height and width of the kernel; the padding keeps the size at stride 1.
    public var kernelSize: Int
    /// Rows and columns between two outputs.
    public var stride: Int

    /// A unit with the given shape.
    public init(channels: Int, kernelSize: Int, stride: Int) {
      self.channels = channels
      self.kernelSize = kernelSize
      self.stride = stride
    }
  }

  /// The name users type, `mobilenet_v2`.
  public var name: String
  /// The first unit, module `stem`.
  public var stem: UnitRow
  /// The rows, modules `feature_ext.0`, `feature_ext.1`, ….
  public var stages: [Stage]
  /// The unit before the pooling, module `tail`; nil where there is none.
  public var tail: UnitRow?
  /// The activation of the units.
  public var activation: Activation
  /// The batch normalisation of the units.
  public var batchNorm: BatchNorm2d

  /// An architecture of the given rows.
  public init(
    name: String, stem: UnitRow, stages: [Stage], tail: UnitRow? = nil,
    activation: Activation = .relu6, batchNorm: BatchNorm2d = BatchNorm2d()
  ) {
    self.name = name
    self.stem = stem
    self.stages = stages
    self.tail = tail
    self.activation = activation
    self.batchNorm = batchNorm
  }
}
