import Networks

/// How a training step changes the parameters, apart from its batch and learning rate.
package struct TrainingSettings: Sendable {
  package var optimizer: any Optimizer
  /// Label smoothing: the fraction of each label spread evenly over all classes, at least 0 and
  /// below 1.
  package var labelSmoothing: Double
  /// How much each class counts in the loss, above 0, as `weight` of PyTorch's `CrossEntropyLoss`;
  /// nil if all count alike.
  package var classWeights: [Double]?
  package var clipping: GradientClipping?
  /// The number of leading nodes that are frozen, less than the number of nodes.
  ///
  /// Their parameters do not change, and their batch normalization uses the running statistics.
  package var frozenNodes: Int

  /// The default is Adam with PyTorch's constants, and nothing else.
  package init(
    optimizer: any Optimizer = Adam(), labelSmoothing: Double = 0,
    classWeights: [Double]? = nil, clipping: GradientClipping? = nil, frozenNodes: Int = 0
  ) {
    self.optimizer = optimizer
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
    self.clipping = clipping
    self.frozenNodes = frozenNodes
  }

  package init() { self.init(frozenNodes: 0) }

  /// The bytes of the optimizer's state for the parameters of `network` that are not frozen.
  package func optimizerBytes(for network: Network) -> Int {
    let trained = network.parameters.filter { $0.isTrainable && $0.node >= frozenNodes }
    return optimizer.slots.count * trained.reduce(0) { $0 + $1.count }
      * MemoryLayout<Float>.stride
  }
}
