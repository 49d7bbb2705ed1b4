import Foundation

/// McNemar's exact test of two classifiers on the same images.
///
/// McNemar, "Note on the sampling error of the difference between correlated proportions or
/// percentages" (Psychometrika 12, 1947); the exact form is the two-sided binomial test of the
/// discordant images with probability ½.
struct McNemar: Equatable {
  /// Images that only the first classifies correctly.
  let onlyFirst: Int
  /// Images that only the second classifies correctly.
  let onlySecond: Int

  /// The probability of a split of the discordant images at least as uneven, if both are equally
  /// accurate; 0 to 1.
  ///
  /// p = min(1, 2 · Σ_{i ≤ min(b, c)} C(b + c, i) / 2^(b + c)), where b and c are the two counts.
  var pValue: Double {
    let count = onlyFirst + onlySecond
    guard count > 0 else { return 1 }
    // Use logarithms: 2^-count underflows to 0 from 1075 images.
    let logTotal = Special.logGamma(Double(count) + 1) - Double(count) * log(2)
    let tail = (0...min(onlyFirst, onlySecond)).reduce(0.0) { sum, i in
      sum
        + exp(
          logTotal - Special.logGamma(Double(i) + 1) - Special.logGamma(Double(count - i) + 1))
    }
    return min(1, 2 * tail)
  }
}
