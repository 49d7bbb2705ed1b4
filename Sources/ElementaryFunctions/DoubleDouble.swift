/// A number as the unevaluated sum of two, the second at most half a unit in the last place of the
/// first: about 106 bits (Dekker, 1971).
struct DoubleDouble {
  let high, low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  /// a · b, exact unless it underflows.
  init(product a: Double, _ b: Double) {
    high = a * b
    low = fma(a, b, -high)
  }

  /// a + b, exact; requires |a| ≥ |b| or a = 0.
  init(fastSum a: Double, _ b: Double) {
    high = a + b
    low = (a - high) + b
  }

  /// a + b for any a.
  init(sum a: Double, _ b: DoubleDouble) {
    let sum = a + b.high
    let part = sum - a
    let rest = (a - (sum - part)) + (b.high - part)
    self.init(fastSum: sum, rest + b.low)
  }

  static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(-a.high, -a.low) }

  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = DoubleDouble(product: a.high, b.high)
    return DoubleDouble(
      fastSum: product.high, fma(a.high, b.low, fma(a.low, b.high, product.low)))
  }

  static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let quotient = a.high / b.high
    let rest = fma(-quotient, b.high, a.high) + fma(-quotient, b.low, a.low)
    return DoubleDouble(fastSum: quotient, rest / b.high)
  }

  /// This positive number times 2^exponent, rounded once even if the result is subnormal.
  func scaled(by exponent: Int) -> Double {
    let exponent = max(-2000, min(2000, exponent))
    var value = high + low
    if Int(value.exponent) + exponent < -1022 {
      // Adding a number whose last place is that of a subnormal result rounds to that place.
      let large = Double(sign: .plus, exponent: -1022 - exponent, significand: 1)
      let sum = DoubleDouble(fastSum: large, high)
      value = (sum.high + (sum.low + low)) - large
    }
    return Double(sign: .plus, exponent: exponent, significand: value)
  }
}

/// A power series c₀ + c₁z + c₂z² + … with decreasing terms.
struct PowerSeries {
  /// The coefficients that need more precision than a Double.
  private let first: [DoubleDouble]
  private let rest: [Double]

  /// The series with coefficients 1/divisor; the terms from index `exact` on are below 2^-17.
  init(exact: Int, divisors: [Double]) {
    let coefficients = divisors.map { DoubleDouble(1) / DoubleDouble($0) }
    first = Array(coefficients[..<exact])
    rest = coefficients[exact...].map { $0.high }
  }

  func callAsFunction(_ z: DoubleDouble) -> DoubleDouble {
    var tail = 0.0
    for coefficient in rest.reversed() { tail = fma(tail, z.high, coefficient) }
    var sum = DoubleDouble(tail)
    for coefficient in first.reversed() {
      let product = sum * z
      let next = DoubleDouble(fastSum: coefficient.high, product.high)
      sum = DoubleDouble(fastSum: next.high, next.low + (coefficient.low + product.low))
    }
    return sum
  }
}

/// a · b + c with one rounding.
@inline(__always) func fma(_ a: Double, _ b: Double, _ c: Double) -> Double {
  c.addingProduct(a, b)
}
