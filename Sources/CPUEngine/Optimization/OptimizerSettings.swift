import Kernels
import Networks

/// An optimiser and its constants; the learning rate is given at each step.
public enum OptimizerSettings: Sendable, Equatable {
  /// Adam, or AdamW.
  case adam(Adam)
  /// Gradient descent with or without momentum.
  case sgd(SGD)
  /// RMSprop in PyTorch's sense or in TensorFlow's.
  case rmsprop(RMSprop)

  /// What it keeps for each parameter.
  public var slots: [OptimizerSlot] {
    switch self {
    case .adam(let adam): adam.slots
    case .sgd(let sgd): sgd.slots
    case .rmsprop(let rmsprop): rmsprop.slots
    }
  }

  func update(_ step: OptimizerStep) {
    switch self {
    case .adam(let adam): adam.update(step)
    case .sgd(let sgd): sgd.update(step)
    case .rmsprop(let rmsprop): rmsprop.update(step)
    }
  }
}

/// What decides how a training step changes the parameters, besides its batch and learning rate.
public struct TrainingSettings: Sendable, Equatable {
  /// The optimiser.
  public var optimizer: OptimizerSettings
  /// How much of each label is spread evenly over all classes in training: at least 0, below 1.
  public var labelSmoothing: Double
  /// A bound on the gradients; nil for none.
  public var clipping: GradientClipping?
  /// How many nodes at the network's start stay as they are: their parameters do not change, and
  /// their batch normalisation is that of evaluation.
  ///
  /// Fewer than the network has.
  public var frozenNodes: Int

  /// Adam with PyTorch's defaults, and nothing else.
  public init(
    optimizer: OptimizerSettings = .adam(Adam()), labelSmoothing: Double = 0,
    clipping: GradientClipping? = nil, frozenNodes: Int = 0
  ) {
    self.optimizer = optimizer
    self.labelSmoothing = labelSmoothing
    self.clipping = clipping
    self.frozenNodes = frozenNodes
  }

  /// The bytes of what the optimiser remembers of a network's parameters, but for the frozen ones.
  public func optimizerBytes(for network: Network) -> Int {
    let trained = network.parameters.filter { $0.isTrainable && $0.node >= frozenNodes }
    return optimizer.slots.count * trained.reduce(0) { $0 + $1.count }
      * MemoryLayout<Float>.stride
  }
}
