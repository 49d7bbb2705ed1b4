/// RMSprop (Tieleman and Hinton, 2012, lecture 6.5) with momentum, in PyTorch's sense or in
/// TensorFlow's.
public struct RMSprop: Sendable, Equatable {
  /// What is meant by it.
  public enum Variant: Sendable, Equatable {
    /// PyTorch's `RMSprop`: g / (√E[g²] + ε); the learning rate is applied after the momentum.
    case pyTorch
    /// TensorFlow 1's `RMSPropOptimizer` and Keras 3's `RMSprop`: lr · g / √(E[g²] + ε) is what the
    /// momentum gathers.
    ///
    /// E[g²] starts at `initialSquare`: 1 in TensorFlow 1, 0 in Keras.
    case tensorFlow(initialSquare: Double)
  }

  /// What is meant by RMSprop.
  public var variant: Variant
  /// The decay rate of the averages.
  public var alpha: Double
  /// Added to the root in PyTorch's sense, below it in TensorFlow's.
  public var epsilon: Double
  /// How much of the step before is kept; 0: no momentum.
  public var momentum: Double
  /// Whether the square of the mean gradient is taken off the mean square (Graves, 2013).
  public var isCentered: Bool
  /// Times the parameters is added to the gradients.
  public var weightDecay: Double

  /// PyTorch's defaults.
  public init(
    _ variant: Variant = .pyTorch, alpha: Double = 0.99, epsilon: Double = 1e-8,
    momentum: Double = 0, isCentered: Bool = false, weightDecay: Double = 0
  ) {
    self.variant = variant
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    self.weightDecay = weightDecay
  }

  /// The mean square, then the momentum and the mean where they are used.
  public var slots: [OptimizerSlot] {
    var slots = [OptimizerSlot(name: "square_avg")]
    if case .tensorFlow(let square) = variant { slots[0].initial = Float(square) }
    if momentum != 0 { slots.append(.init(name: "momentum_buffer")) }
    if isCentered { slots.append(.init(name: "grad_avg")) }
    return slots
  }

  /// Changes the parameters by one step.
  public func update(_ step: OptimizerStep) {
    func vector(_ number: Double) -> Vector { Vector(repeating: Float(number)) }
    let (alpha, oneMinusAlpha) = (vector(alpha), vector(1 - alpha))
    let (momentum, epsilon) = (vector(momentum), vector(epsilon))
    let square = step.slots[0]
    let buffer = self.momentum != 0 ? step.slots[1] : nil
    let mean = isCentered ? step.slots[step.slots.count - 1] : nil
    let isInside = variant != .pyTorch
    // The rate goes into the momentum's buffer, or is applied to what comes out of it.
    let inner = vector(isInside ? step.learningRate : 1)
    let outer = vector(isInside ? 1 : step.learningRate)
    step.update(decay: weightDecay) { i, p, gradient in
      let average = fma(gradient * gradient, oneMinusAlpha, load(square + i) * alpha)
      store(average, square + i)
      var variance = average
      if let mean {
        let m = fma(gradient - load(mean + i), oneMinusAlpha, load(mean + i))
        store(m, mean + i)
        // Rounding can leave less than nothing.
        variance = maximum(average - m * m, Vector(repeating: 0))
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
