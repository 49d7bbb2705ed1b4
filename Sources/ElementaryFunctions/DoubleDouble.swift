/// A number as the unevaluated sum of two, the second at most half a unit in the last place of the
/// first: about 106 bits (Dekker, 1971).
struct DoubleDouble {
  let high, low: Double

  init(_ high: Double, _ low: Double) {
    self.high = high
    self.low = low
  }

  /// a · b, exactly where nothing underflows.
  init(product a: Double, _ b: Double) {
    high = a * b
    low = fma(a, b, -high)
  }

  /// a + b, exactly; |a| must be at least |b|, or a 0.
  init(fastSum a: Double, _ b: Double) {
    high = a + b
    low = (a - high) + b
  }

  /// a + b, with a of any size.
  init(sum a: Double, _ b: DoubleDouble) {
    let sum = a + b.high
    let part = sum - a
    let rest = (a - (sum - part)) + (b.high - part)
    self.init(fastSum: sum, rest + b.low)
  }

  /// The product, within about 2^-103 of its size.
  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = DoubleDouble(product: a.high, b.high)
    return DoubleDouble(
      fastSum: product.high, fma(a.high, b.low, fma(a.low, b.high, product.low)))
  }
}
