import Common
import ElementaryFunctions

/// Adam (Kingma and Ba, 2015, algorithm 1) as PyTorch's `Adam` computes it, with ε outside the root
/// and after bias correction; with decoupled weight decay (Loshchilov and Hutter, 2019) PyTorch's
/// `AdamW`.
package struct Adam: Optimizer {
  package var beta1: Double
  package var beta2: Double
  /// Added to the root of the second moment, above 0.
  package var epsilon: Double
  package var weightDecay: WeightDecay
  /// Whether weight decay bypasses the moments.
  package var isDecoupled: Bool

  /// PyTorch's defaults, except for AdamW's weight decay of 0.01.
  package init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: WeightDecay = 0.0, isDecoupled: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  package static let forms = ["adam", "adamw"].map {
    OptimizerForm(
      name: $0, learningRate: 0.001,
      settings: [.numbers("betas"), .number("eps")] + WeightDecay.settings)
  }

  package init(name: String, settings: [String: JSONField]) throws(SweepError) {
    isDecoupled = name == "adamw"
    (beta1, beta2) = try settings["betas"]?.betas() ?? (0.9, 0.999)
    epsilon = try settings["eps"]?.positive("eps") ?? 1e-8
    weightDecay = try WeightDecay(settings, default: isDecoupled ? 0.01 : 0)
  }

  package var canonical: [String: String] {
    ["betas": "[\(beta1), \(beta2)]", "eps": "\(epsilon)"]
      .merging(weightDecay.canonical) { $1 }
  }

  package var slots: [OptimizerSlot] { [.init(name: "exp_avg"), .init(name: "exp_avg_sq")] }

  package func update(_ step: OptimizerStep) {
    func vector(_ number: Double) -> Vector { Vector(repeating: Float(number)) }
    let oneMinusBeta1 = vector(1 - beta1)
    let oneMinusBeta2 = vector(1 - beta2)
    let stepSize = vector(step.learningRate / (1 - Double.pow(beta1, step.number)))
    let correction = vector((1 - Double.pow(beta2, step.number)).squareRoot())
    let (beta2, epsilon) = (vector(beta2), vector(epsilon))
    let (first, second) = (step.slots[0], step.slots[1])
    step.update(weightDecay, isDecoupled: isDecoupled) { i, p, gradient in
      let m = fma(gradient - load(first + i), oneMinusBeta1, load(first + i))
      let v = fma(gradient * gradient, oneMinusBeta2, load(second + i) * beta2)
      store(m, first + i)
      store(v, second + i)
      return p - stepSize * (m / (v.squareRoot() / correction + epsilon))
    }
  }
}

extension JSONField {
  /// The decay rates of two moving averages.
  func betas() throws(SweepError) -> (Double, Double) {
    let fields = try elements()
    guard fields.count == 2 else { throw error("betas needs 2 numbers, found \(fields.count)") }
    return (try fields[0].fraction("a beta"), try fields[1].fraction("a beta"))
  }
}
