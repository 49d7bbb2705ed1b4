import Common

/// RMSprop (Tieleman and Hinton, 2012, lecture 6.5) with momentum, in PyTorch's or TensorFlow's
/// definition.
package struct RMSprop: Optimizer {
  package enum Variant: Sendable, Equatable {
    /// PyTorch's `RMSprop`: the momentum accumulates g / (√E[g²] + ε), and the learning rate is
    /// applied after it.
    case pyTorch
    /// TensorFlow 1's `RMSPropOptimizer` and Keras 3's `RMSprop`: the momentum accumulates
    /// lr · g / √(E[g²] + ε).
    ///
    /// E[g²] starts at `initialSquare`: 1 in TensorFlow 1, 0 in Keras.
    case tensorFlow(initialSquare: Double)
  }

  package var variant: Variant
  /// The decay rate of the averages, at least 0 and below 1.
  package var alpha: Double
  /// Added to the root by PyTorch, under the root by TensorFlow; above 0.
  package var epsilon: Double
  /// The fraction of the previous step that is kept, at least 0 and below 1; 0 for no momentum.
  package var momentum: Double
  /// Whether the square of the mean gradient is subtracted from the mean square (Graves, 2013).
  package var isCentered: Bool
  package var weightDecay: WeightDecay

  package init(
    _ variant: Variant = .pyTorch, alpha: Double = 0.99, epsilon: Double = 1e-8,
    momentum: Double = 0, isCentered: Bool = false, weightDecay: WeightDecay = 0.0
  ) {
    self.variant = variant
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    self.weightDecay = weightDecay
  }

  private static let settings =
    [.number("alpha"), .number("eps"), .number("momentum"), .boolean("centered")]
    + WeightDecay.settings

  package static let forms = [
    OptimizerForm(name: "rmsprop", learningRate: 0.01, settings: settings),
    OptimizerForm(
      name: "rmsprop_tf", learningRate: 0.001, settings: settings + [.number("initial_square_avg")]),
  ]

  /// `rmsprop` has PyTorch's defaults, `rmsprop_tf` TensorFlow 1's.
  package init(name: String, settings: [String: JSONField]) throws(SweepError) {
    let isTensorFlow = name == "rmsprop_tf"
    let square = try settings["initial_square_avg"]?.nonNegative("initial_square_avg") ?? 1
    variant = isTensorFlow ? .tensorFlow(initialSquare: square) : .pyTorch
    alpha = try settings["alpha"]?.fraction("alpha") ?? (isTensorFlow ? 0.9 : 0.99)
    epsilon = try settings["eps"]?.positive("eps") ?? (isTensorFlow ? 1e-10 : 1e-8)
    momentum = try settings["momentum"]?.fraction("the momentum") ?? 0
    isCentered = try settings["centered"]?.boolean() ?? false
    weightDecay = try WeightDecay(settings)
  }

  package var canonical: [String: String] {
    var values = [
      "alpha": "\(alpha)", "eps": "\(epsilon)", "momentum": "\(momentum)",
      "centered": "\(isCentered)",
    ]
    if case .tensorFlow(let square) = variant { values["initial_square_avg"] = "\(square)" }
    return values.merging(weightDecay.canonical) { $1 }
  }

  /// The mean square, then the momentum and the mean if used.
  package var slots: [OptimizerSlot] {
    var slots = [OptimizerSlot(name: "square_avg")]
    if case .tensorFlow(let square) = variant { slots[0].initial = Float(square) }
    if momentum != 0 { slots.append(.init(name: "momentum_buffer")) }
    if isCentered { slots.append(.init(name: "grad_avg")) }
    return slots
  }

  package func update(_ step: OptimizerStep) {
    func vector(_ number: Double) -> Vector { Vector(repeating: Float(number)) }
    let (alpha, oneMinusAlpha) = (vector(alpha), vector(1 - alpha))
    let (momentum, epsilon) = (vector(momentum), vector(epsilon))
    let square = step.slots[0]
    let buffer = self.momentum != 0 ? step.slots[1] : nil
    let mean = isCentered ? step.slots[step.slots.count - 1] : nil
    let isInside = variant != .pyTorch
    // The learning rate is applied before the momentum (TensorFlow) or after it (PyTorch).
    let inner = vector(isInside ? step.learningRate : 1)
    let outer = vector(isInside ? 1 : step.learningRate)
    step.update(weightDecay) { i, p, gradient in
      let average = fma(gradient * gradient, oneMinusAlpha, load(square + i) * alpha)
      store(average, square + i)
      var variance = average
      if let mean {
        let m = fma(gradient - load(mean + i), oneMinusAlpha, load(mean + i))
        store(m, mean + i)
        // Rounding can make the difference negative.
        let difference = average - m * m
        variance = Vector(repeating: 0).replacing(with: difference, where: difference .> 0)
      }
      let root = isInside ? (variance + epsilon).squareRoot() : variance.squareRoot() + epsilon
      var move = inner * gradient / root
      if let buffer {
        move = fma(load(buffer + i), momentum, move)
        store(move, buffer + i)
      }
      return p - outer * move
    }
  }
}
