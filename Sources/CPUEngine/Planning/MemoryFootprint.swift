import Networks

/// The bytes that training a network takes.
public struct MemoryFootprint: Sendable, Equatable {
  /// What each model has of its own: parameters, gradients, the optimiser's memory and packed weights.
  public var model: Int
  /// What models take turns to use: feature maps, their gradients, scratch space.
  ///
  /// The images are not among it.
  public var workspace: Int

  /// The given bytes.
  public init(model: Int, workspace: Int) {
    self.model = model
    self.workspace = workspace
  }

  /// The footprint of a network on batches of `batchSize` images of `resolution × resolution`;
  /// nothing is allocated.
  public init(
    of network: Network, resolution: Int, batchSize: Int, threads: Int,
    settings: TrainingSettings = TrainingSettings()
  ) {
    let plan = ExecutionPlan(
      network, resolution: resolution, batch: batchSize, training: true,
      frozen: settings.frozenNodes)
    let parameters = network.parameters.reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) }
    // Parameters, gradients, two packed forms.
    model = (4 + settings.optimizer.slots.count) * parameters * MemoryLayout<Float>.stride
    workspace = StepMemory.byteCount(plan, threads: threads)
  }
}
