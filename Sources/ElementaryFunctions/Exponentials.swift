// Results are computed to about 70 bits and rounded once, so they are correctly rounded in all but
// about one of 10,000 cases.

extension Double {
  /// e to the power of `x`, within 0.501 units in the last place.
  package static func exp(_ x: Double) -> Double {
    if x.isNaN || x > 710 { return x + .infinity }
    if x < -746 { return 0 }
    // x = k · ln 2 + r; the first difference is exact because x and the product are close.
    let k = (x / ln2.high).rounded(.toNearestOrEven)
    let r = DoubleDouble(sum: fma(-k, ln2.high, x), DoubleDouble(product: -k, ln2.low))
    return exponentialSeries(r).scaled(by: Int(k))
  }

  /// The natural logarithm of `x`, within 0.501 units in the last place; NaN below 0.
  package static func log(_ x: Double) -> Double {
    guard x > 0, x < .infinity else { return x == 0 ? -.infinity : x < 0 ? .nan : x }
    // x = 2^k · m with m in [√½, √2), and ln m = 2 artanh s with s = (m − 1) / (m + 1).
    let isLarge = x.significand > 0.5.squareRoot() * 2
    let m = isLarge ? x.significand / 2 : x.significand
    let k = Double(isLarge ? x.exponent + 1 : x.exponent)
    let s = DoubleDouble(m - 1) / DoubleDouble(sum: 1, DoubleDouble(m))
    let logarithm = DoubleDouble(2 * s.high, 2 * s.low) * artanhSeries(s * s)
    let whole = DoubleDouble(product: k, ln2.high)
    let sum = DoubleDouble(sum: whole.high, logarithm)
    return sum.high + (sum.low + fma(k, ln2.low, whole.low))
  }

  /// `x` to the power of `n`, within 0.501 units in the last place for |n| < 2^40.
  ///
  /// Uses repeated squaring, with separate exponents of 2.
  package static func pow(_ x: Double, _ n: Int) -> Double {
    if n == 0 { return 1 }
    guard x.isFinite, x != 0 else {
      let power = n & 1 == 0 ? x * x : x
      return n > 0 ? power : 1 / power
    }
    var (base, baseExponent) = (DoubleDouble(x.significand), Double(x.exponent))
    var (result, exponent) = (DoubleDouble(1), 0.0)
    var left = n.magnitude
    while true {
      if left & 1 == 1 {
        (result, exponent) = normalized(result * base, exponent + baseExponent)
      }
      left >>= 1
      if left == 0 { break }
      (base, baseExponent) = normalized(base * base, 2 * baseExponent)
    }
    if n < 0 { (result, exponent) = (DoubleDouble(1) / result, -exponent) }
    let power = result.scaled(by: Int(max(-2000, min(2000, exponent))))
    return x < 0 && n & 1 == 1 ? -power : power
  }

  /// The same product with its first factor in [1, 2).
  private static func normalized(
    _ value: DoubleDouble, _ exponent: Double
  ) -> (DoubleDouble, Double) {
    guard value.high >= 2 else { return (value, exponent) }
    return (DoubleDouble(value.high / 2, value.low / 2), exponent + 1)
  }
}

private let ln2 = DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)
/// e^z for |z| ≤ ½ ln 2.
private let exponentialSeries = PowerSeries(
  exact: 6, divisors: (0..<18).map { n in (0..<n).reduce(1.0) { $0 * Double($1 + 1) } })
/// artanh(√z) / √z for z < 0.03.
private let artanhSeries = PowerSeries(exact: 4, divisors: (0..<14).map { Double(2 * $0 + 1) })
