import Common

/// The layers of a network with their shapes and costs, and the memory that training takes.
public struct NetworkSummary: Sendable {
  /// One layer.
  public struct Layer: Sendable, Equatable {
    /// The module it belongs to, `feature_ext.3.res_block.1`.
    public let name: String
    /// The block it is part of, `feature_ext.3`; nil where it stands alone.
    public let block: String?
    /// What it does, `3×3 depthwise /2, ReLU6`.
    public let operation: String
    /// The shape of its output for one image.
    public let output: Shape
    /// What it costs for one image.
    public let cost: Cost
  }

  /// The network.
  public let network: Network
  /// How its channels were rounded.
  public let rounding: ChannelRounding
  /// Height and width of the input images.
  public let resolution: Int
  /// Images in a batch.
  public let batchSize: Int
  /// The layers in running order.
  public let layers: [Layer]
  /// The memory that training on one batch takes.
  public let memory: TrainingMemory

  /// The summary of `network`, built with `rounding`, for batches of `batchSize` images of
  /// `resolution × resolution`; `lanes` is how many floats a vector of the engine has.
  public init(
    _ network: Network, rounding: ChannelRounding, resolution: Int, batchSize: Int, lanes: Int = 8
  ) throws(SweepError) {
    self.network = network
    self.rounding = rounding
    self.resolution = resolution
    self.batchSize = batchSize
    let shapes = try network.shapes(resolution: resolution)
    let costs = try network.costs(resolution: resolution)
    layers = network.nodes.enumerated().map { index, node in
      Layer(
        name: node.name, block: node.block, operation: node.operation.title,
        output: shapes[index + 1],
        cost: costs[index])
    }
    memory = try network.trainingMemory(
      resolution: resolution, batchSize: batchSize, lanes: lanes)
  }

  /// The sum over the layers.
  public var total: Cost { layers.map(\.cost).reduce(.zero, +) }
}
