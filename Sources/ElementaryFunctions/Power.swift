extension Double {
  /// `x` to the power of `n`, within 0.51 units in the last place where |n| < 2^40 and the result is
  /// not subnormal.
  ///
  /// By repeated squaring in numbers of two parts, with the exponents of 2 apart.
  package static func pow(_ x: Double, _ n: Int) -> Double {
    if n == 0 { return 1 }
    guard x.isFinite, x != 0 else {
      let power = n & 1 == 0 ? x * x : x
      return n > 0 ? power : 1 / power
    }
    var (base, baseExponent) = (DoubleDouble(x.significand, 0), Double(x.exponent))
    var (result, exponent) = (DoubleDouble(1, 0), 0.0)
    var left = n.magnitude
    while true {
      if left & 1 == 1 {
        (result, exponent) = normalized(result * base, exponent + baseExponent)
      }
      left >>= 1
      if left == 0 { break }
      (base, baseExponent) = normalized(base * base, 2 * baseExponent)
    }
    if n < 0 {
      let inverse = 1 / result.high
      let rest = fma(-inverse, result.high, 1) - inverse * result.low
      (result, exponent) = (DoubleDouble(fastSum: inverse, inverse * rest), -exponent)
    }
    let isNegative = x < 0 && n & 1 == 1
    return Double(
      sign: isNegative ? .minus : .plus, exponent: Int(max(-3000, min(3000, exponent))),
      significand: result.high + result.low)
  }

  /// The same product with its first factor in [1, 2).
  private static func normalized(
    _ value: DoubleDouble, _ exponent: Double
  ) -> (DoubleDouble, Double) {
    guard value.high >= 2 else { return (value, exponent) }
    return (DoubleDouble(value.high / 2, value.low / 2), exponent + 1)
  }
}
