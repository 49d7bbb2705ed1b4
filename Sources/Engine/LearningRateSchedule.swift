import ElementaryFunctions

/// The learning rate during training, in PyTorch's terms.
///
/// Time is counted from 0 in epochs or steps; all lengths have this unit.
package struct LearningRateSchedule: Sendable, Equatable {
  package enum Unit: String, Sendable, CaseIterable {
    /// All steps of an epoch have the same rate.
    case epoch
    /// Every step can have its own rate.
    case step
  }

  /// The rate after the warm-up; t is the time since its end.
  package enum Shape: Sendable, Equatable {
    case constant
    /// lr · gamma^⌊t / every⌋: PyTorch's `StepLR`, or `ExponentialLR` if `every` is 1.
    case decay(gamma: Double, every: Int)
    /// lr · gamma^(number of milestones ≤ t): PyTorch's `MultiStepLR`.
    case multiStep(milestones: [Int], gamma: Double)
    /// minimum + (lr − minimum) · (1 + cos(π · t / length)) / 2, and the minimum from `length` on,
    /// unlike PyTorch's `CosineAnnealingLR`, which rises again.
    case cosine(length: Int, minimum: Double)
    /// lr · (1 + (endFactor − 1) · t / length), and lr · endFactor from `length` on: PyTorch's
    /// `LinearLR` with a start factor of 1.
    case linear(endFactor: Double, length: Int)
  }

  package var shape: Shape
  package var unit: Unit
  /// The length of the linear rise to the optimizer's learning rate.
  package var warmup: Int
  /// The first rate of the warm-up as a fraction of the learning rate: above 0, at most 1.
  package var warmupStart: Double

  package init(
    _ shape: Shape = .constant, by unit: Unit = .epoch, warmup: Int = 0, warmupStart: Double = 1
  ) {
    self.shape = shape
    self.unit = unit
    self.warmup = warmup
    self.warmupStart = warmupStart
  }

  /// The rate at a time; `base` is the optimizer's learning rate.
  package func rate(base: Double, at time: Int) -> Double {
    guard time >= warmup else {
      return base * (warmupStart + (1 - warmupStart) * Double(time) / Double(warmup))
    }
    let time = time - warmup
    func fraction(of length: Int) -> Double { min(1, Double(time) / Double(length)) }
    switch shape {
    case .constant: return base
    case .decay(let gamma, let every): return base * Double.pow(gamma, time / every)
    case .multiStep(let milestones, let gamma):
      return base * Double.pow(gamma, milestones.count { $0 <= time })
    case .cosine(let length, let minimum):
      guard time < length else { return minimum }
      return minimum + (base - minimum) * (1 + Double.cos(.pi * fraction(of: length))) / 2
    case .linear(let endFactor, let length):
      return base * (1 + (endFactor - 1) * fraction(of: length))
    }
  }

  /// The rate of a step in an epoch, both counted from 0.
  package func rate(base: Double, epoch: Int, step: Int, stepsPerEpoch: Int) -> Double {
    switch unit {
    case .epoch: rate(base: base, at: epoch)
    case .step: rate(base: base, at: epoch * stepsPerEpoch + step)
    }
  }

  /// The first time before `end` at which the rate is not above 0; nil if there is none.
  ///
  /// A rate that reaches 0 stays 0.
  package func firstZero(base: Double, before end: Int) -> Int? {
    // The optimizer computes with 32-bit floats.
    func isZero(_ time: Int) -> Bool { !(Float(rate(base: base, at: time)) > 0) }
    guard end > 0, isZero(end - 1) else { return nil }
    var (low, high) = (0, end - 1)
    while low < high {
      let middle = low + (high - low) / 2
      if isZero(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
