/// Stochastic gradient descent with momentum, as PyTorch's `SGD`.
public struct SGD: Sendable, Equatable {
  /// How much of the step before is kept; 0: no momentum.
  public var momentum: Double
  /// How much less than the gradient enters the momentum, from the second step on.
  public var dampening: Double
  /// Whether the gradient is taken where the momentum leads (Sutskever et al., 2013).
  public var isNesterov: Bool
  /// Times the parameters is added to the gradients.
  public var weightDecay: Double

  /// PyTorch's defaults.
  public init(
    momentum: Double = 0, dampening: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0
  ) {
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  /// The momentum, where there is any.
  public var slots: [OptimizerSlot] { momentum == 0 ? [] : [.init(name: "momentum_buffer")] }

  /// Changes the parameters by one step.
  public func update(_ step: OptimizerStep) {
    let rate = Vector(repeating: Float(step.learningRate))
    guard let buffer = step.slots.first else {
      step.update(decay: weightDecay) { _, p, gradient in p - rate * gradient }
      return
    }
    let momentum = Vector(repeating: Float(momentum))
    let share = Vector(repeating: Float(step.number == 1 ? 1 : 1 - dampening))
    let nesterov = isNesterov
    step.update(decay: weightDecay) { i, p, gradient in
      let velocity = load(buffer + i) * momentum + gradient * share
      store(velocity, buffer + i)
      return p - rate * (nesterov ? fma(velocity, momentum, gradient) : velocity)
    }
  }
}
