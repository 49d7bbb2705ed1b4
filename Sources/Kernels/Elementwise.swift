import Foundation

/// Passes over flat arrays of parameters.
public enum Elementwise {
  /// destination[i] = Σ over chunks of partials[chunk][i], in the chunks' order.
  public static func reduce(
    _ partials: UnsafePointer<Float>, chunks: Int, count: Int,
    into destination: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let split = WorkSplit(rows: count, block: 4096, most: 64)
    pool.run(split.chunks) { task, _ in
      let range = split.range(of: task)
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: lanes) {
        var total = load(partials + i)
        for chunk in 1..<max(1, chunks) { total += load(partials + chunk * count + i) }
        store(total, destination + i)
      }
    }
  }

  /// The constants of one Adam step.
  public struct Adam: Sendable {
    /// lr / (1 − β₁ᵗ).
    public var stepSize: Float
    /// 1 − β₁.
    public var oneMinusBeta1: Float
    /// β₂.
    public var beta2: Float
    /// 1 − β₂.
    public var oneMinusBeta2: Float
    /// √(1 − β₂ᵗ).
    public var correction: Float
    /// ε, outside the root.
    public var epsilon: Float

    /// The constants of step `step`, from 1.
    public init(
      learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, step: Int
    ) {
      stepSize = Float(learningRate / (1 - pow(beta1, Double(step))))
      oneMinusBeta1 = Float(1 - beta1)
      self.beta2 = Float(beta2)
      oneMinusBeta2 = Float(1 - beta2)
      correction = Float((1 - pow(beta2, Double(step))).squareRoot())
      self.epsilon = Float(epsilon)
    }
  }

  /// One step of Adam (Kingma and Ba, 2015, algorithm 1) as PyTorch orders the operations; `count`
  /// is a multiple of `lanes`.
  public static func adam(
    _ constants: Adam, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, count: Int,
    pool: ThreadPool
  ) {
    let split = WorkSplit(rows: count, block: 4096, most: 256)
    pool.run(split.chunks) { task, _ in
      let range = split.range(of: task)
      let oneMinusBeta1 = Vector(repeating: constants.oneMinusBeta1)
      let beta2 = Vector(repeating: constants.beta2)
      let oneMinusBeta2 = Vector(repeating: constants.oneMinusBeta2)
      let correction = Vector(repeating: constants.correction)
      let epsilon = Vector(repeating: constants.epsilon)
      let stepSize = Vector(repeating: constants.stepSize)
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: lanes) {
        let gradient = load(gradients + i)
        let m = fma(gradient - load(first + i), oneMinusBeta1, load(first + i))
        let v = fma(gradient * gradient, oneMinusBeta2, load(second + i) * beta2)
        store(m, first + i)
        store(v, second + i)
        let denominator = v.squareRoot() / correction + epsilon
        store(load(parameters + i) - stepSize * (m / denominator), parameters + i)
      }
    }
  }
}
