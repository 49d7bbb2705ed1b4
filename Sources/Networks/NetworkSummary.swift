import Common

/// A network's layers with their shapes and costs, and the memory for training.
package struct NetworkSummary: Sendable {
  package struct Layer: Sendable, Equatable {
    /// The module, `feature_ext.3.res_block.1`.
    package let name: String
    /// The block, `feature_ext.3`; nil outside blocks.
    package let block: String?
    /// The operation, `3×3 depthwise /2, ReLU6`.
    package let operation: String
    package let output: Shape
    package let cost: Cost
  }

  package let network: Network
  package let rounding: ChannelRounding
  package let resolution: Int
  package let batchSize: Int
  package let layers: [Layer]
  package let memory: TrainingMemory

  /// `lanes` is the number of floats in an engine's vector.
  package init(
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

  package var total: Cost { layers.map(\.cost).reduce(.zero, +) }
}
