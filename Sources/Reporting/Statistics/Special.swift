import Foundation

/// Special functions that the C library lacks or that are not thread-safe there.
enum Special {
  /// The logarithm of the gamma function of x > 0, with a relative error of about 1e-14.
  ///
  /// Lanczos's approximation with g = 7 and nine terms; the coefficients are Godfrey's. The C
  /// library's `lgamma` writes a global.
  static func logGamma(_ x: Double) -> Double {
    if x < 0.5 { return log(Double.pi / sin(Double.pi * x)) - logGamma(1 - x) }
    let terms = [
      676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
      12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ]
    let x = x - 1
    var sum = 0.99999999999980993
    for (index, term) in terms.enumerated() { sum += term / (x + Double(index + 1)) }
    let t = x + 7.5
    return 0.5 * log(2 * Double.pi) + (x + 0.5) * log(t) - t + log(sum)
  }

  /// The regularized incomplete beta function I_x(a, b) for 0 ≤ x ≤ 1.
  ///
  /// The continued fraction of DLMF 8.17.22, evaluated by Lentz's method.
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast only on this side.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(
      logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x))
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var fraction = d
    for m in 1...300 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var change = 1.0
      for term in [even, odd] {
        d = 1 / nonzero(1 + term * d)
        c = nonzero(1 + term / c)
        change = c * d
        fraction *= change
      }
      if abs(change - 1) < 1e-16 { break }
    }
    return front * fraction / a
  }

  private static func nonzero(_ x: Double) -> Double { abs(x) < 1e-300 ? 1e-300 : x }
}
