import Networks

/// What decides how a training step changes the parameters, besides its batch and learning rate.
package struct TrainingSettings: Sendable {
  /// The optimizer.
  package var optimizer: any Optimizer
  /// How much of each label is spread evenly over all classes in training: at least 0, below 1.
  package var labelSmoothing: Double
  /// A bound on the gradients; nil for none.
  package var clipping: GradientClipping?
  /// How many nodes at the network's start are frozen: their parameters do not change, and their
  /// batch normalization uses the running statistics.
  ///
  /// Fewer than the network has.
  package var frozenNodes: Int

  /// By default Adam with PyTorch's constants, and nothing else.
  package init(
    optimizer: any Optimizer = Adam(), labelSmoothing: Double = 0,
    clipping: GradientClipping? = nil, frozenNodes: Int = 0
  ) {
    self.optimizer = optimizer
    self.labelSmoothing = labelSmoothing
    self.clipping = clipping
    self.frozenNodes = frozenNodes
  }

  /// By default Adam with PyTorch's constants, and nothing else.
  package init() { self.init(frozenNodes: 0) }

  /// The bytes of the optimizer's state for the parameters of `network` that are not frozen.
  package func optimizerBytes(for network: Network) -> Int {
    let trained = network.parameters.filter { $0.isTrainable && $0.node >= frozenNodes }
    return optimizer.slots.count * trained.reduce(0) { $0 + $1.count }
      * MemoryLayout<Float>.stride
  }
}
