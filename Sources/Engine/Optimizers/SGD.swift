import Common

/// Stochastic gradient descent with momentum, as PyTorch's `SGD` computes it.
package struct SGD: Optimizer {
  /// The fraction of the previous step that is kept, at least 0 and below 1; 0 for no momentum.
  package var momentum: Double
  /// The fraction of the gradient that is left out of the momentum from the second step on.
  package var dampening: Double
  /// Whether to use Nesterov momentum (Sutskever et al., 2013).
  package var isNesterov: Bool
  package var weightDecay: WeightDecay

  package init(
    momentum: Double = 0, dampening: Double = 0, isNesterov: Bool = false,
    weightDecay: WeightDecay = 0.0
  ) {
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  package static let forms = [
    OptimizerForm(
      name: "sgd", learningRate: 0.001,
      settings: [.number("momentum"), .number("dampening"), .boolean("nesterov")]
        + WeightDecay.settings)
  ]

  package init(name: String, settings: [String: JSONField]) throws(SweepError) {
    weightDecay = try WeightDecay(settings)
    momentum = try settings["momentum"]?.fraction("the momentum") ?? 0
    dampening = try settings["dampening"]?.fraction("the dampening") ?? 0
    isNesterov = try settings["nesterov"]?.boolean() ?? false
    if let nesterov = settings["nesterov"], isNesterov, momentum == 0 || dampening != 0 {
      throw nesterov.error(
        "nesterov needs momentum and no dampening", advice: "add \"momentum\": 0.9")
    }
  }

  package var canonical: [String: String] {
    ["momentum": "\(momentum)", "dampening": "\(dampening)", "nesterov": "\(isNesterov)"]
      .merging(weightDecay.canonical) { $1 }
  }

  package var slots: [OptimizerSlot] { momentum == 0 ? [] : [.init(name: "momentum_buffer")] }

  package func update(_ step: OptimizerStep) {
    let rate = Vector(repeating: Float(step.learningRate))
    guard let buffer = step.slots.first else {
      step.update(weightDecay) { _, p, gradient in p - rate * gradient }
      return
    }
    let momentum = Vector(repeating: Float(momentum))
    let share = Vector(repeating: Float(step.number == 1 ? 1 : 1 - dampening))
    let nesterov = isNesterov
    step.update(weightDecay) { i, p, gradient in
      let velocity = load(buffer + i) * momentum + gradient * share
      store(velocity, buffer + i)
      return p - rate * (nesterov ? fma(velocity, momentum, gradient) : velocity)
    }
  }
}
