/// Student's t distribution.
enum StudentT {
  /// The probability of a value of at most `t`.
  static func cumulative(_ t: Double, degreesOfFreedom n: Double) -> Double {
    let tail = 0.5 * Special.incompleteBeta(n / (n + t * t), n / 2, 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The value that is not exceeded with probability `p`, from 0.5 to 1, 1 excluded.
  static func quantile(_ p: Double, degreesOfFreedom n: Double) -> Double {
    var high = 1.0
    while cumulative(high, degreesOfFreedom: n) < p && high < 1e300 { high *= 2 }
    var low = 0.0
    // Bisection ends when no Double lies between the two.
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if cumulative(middle, degreesOfFreedom: n) < p { low = middle } else { high = middle }
    }
  }
}
