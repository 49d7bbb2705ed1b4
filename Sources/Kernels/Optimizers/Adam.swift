import Foundation

/// Adam (Kingma and Ba, 2015, algorithm 1) with ε outside the root, after bias correction, as
/// PyTorch's `Adam` orders the operations; with decoupled weight decay (Loshchilov and Hutter,
/// 2019) it is PyTorch's `AdamW`.
public struct Adam: Sendable, Equatable {
  /// The first moment's decay rate, at least 0 and below 1.
  public var beta1: Double
  /// The second moment's.
  public var beta2: Double
  /// Added to the root of the second moment.
  public var epsilon: Double
  /// Times the parameters is added to the gradients; decoupled: times the learning rate is taken
  /// off the parameters.
  public var weightDecay: Double
  /// Whether weight decay bypasses the moments.
  public var isDecoupled: Bool

  /// PyTorch's defaults, but for AdamW's weight decay of 0.01.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    isDecoupled: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  /// The two moments.
  public var slots: [OptimizerSlot] { [.init(name: "exp_avg"), .init(name: "exp_avg_sq")] }

  /// Changes the parameters by one step.
  public func update(_ step: OptimizerStep) {
    func vector(_ number: Double) -> Vector { Vector(repeating: Float(number)) }
    let oneMinusBeta1 = vector(1 - beta1)
    let oneMinusBeta2 = vector(1 - beta2)
    let stepSize = vector(step.learningRate / (1 - pow(beta1, Double(step.number))))
    let correction = vector((1 - pow(beta2, Double(step.number))).squareRoot())
    let (beta2, epsilon) = (vector(beta2), vector(epsilon))
    let kept = vector(isDecoupled ? 1 - step.learningRate * weightDecay : 1)
    let (first, second) = (step.slots[0], step.slots[1])
    step.update(decay: isDecoupled ? 0 : weightDecay) { i, p, gradient in
      let m = fma(gradient - load(first + i), oneMinusBeta1, load(first + i))
      let v = fma(gradient * gradient, oneMinusBeta2, load(second + i) * beta2)
      store(m, first + i)
      store(v, second + i)
      return p * kept - stepSize * (m / (v.squareRoot() / correction + epsilon))
    }
  }
}
