/// Mean, standard deviation and confidence interval of a sample.
struct SampleSummary: Equatable {
  let count: Int
  let mean: Double
  /// The standard deviation, with n − 1; nil for a single value.
  let deviation: Double?

  /// Nil if there are no values.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      values.count < 2
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
        .squareRoot()
  }

  /// The 95 % confidence interval of the mean by Student's t; nil for a single value.
  ///
  /// mean ± t_{0.975, n−1} · s / √n. Student, "The probable error of a mean" (Biometrika 6, 1908).
  var interval: ClosedRange<Double>? {
    guard let deviation else { return nil }
    let half =
      StudentT.quantile(0.975, degreesOfFreedom: Double(count - 1)) * deviation
      / Double(count).squareRoot()
    return half.isFinite ? mean - half...mean + half : nil
  }
}

enum StudentT {
  /// The probability of a value of at most `t`.
  static func cumulative(_ t: Double, degreesOfFreedom n: Double) -> Double {
    let tail = 0.5 * Special.incompleteBeta(n / (n + t * t), n / 2, 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The quantile for probability `p`, 0.5 ≤ p < 1.
  static func quantile(_ p: Double, degreesOfFreedom n: Double) -> Double {
    var high = 1.0
    while cumulative(high, degreesOfFreedom: n) < p && high < 1e300 { high *= 2 }
    var low = 0.0
    // Bisect until no Double lies between the two.
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if cumulative(middle, degreesOfFreedom: n) < p { low = middle } else { high = middle }
    }
  }
}
