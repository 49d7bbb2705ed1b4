import Common

/// Percentile bootstrap intervals of mean paired differences.
///
/// Images are drawn with replacement, each with all its differences, so that differences stay paired
/// and quantities over the same images stay correlated. Efron, "Bootstrap methods:
/// another look at the jackknife" (Annals of Statistics 7, 1979); Efron & Tibshirani, "An
/// Introduction to the Bootstrap" (1993), chapter 13.
struct PairedBootstrap {
  static let resamples = 4000

  /// The 95 % intervals of the means of `differences`, each a list with one value per image.
  ///
  /// All lists have the same images in the same order. Draws are deterministic.
  static func intervals(_ differences: [[Double]]) -> [ClosedRange<Double>] {
    guard let images = differences.first?.count, images > 0 else { return [] }
    let columns = differences.count
    var matrix = [Double](repeating: 0, count: images * columns)
    for (column, values) in differences.enumerated() {
      for (image, value) in values.enumerated() { matrix[image * columns + column] = value }
    }
    var means = [[Double]](repeating: [], count: columns)
    var sums = [Double](repeating: 0, count: columns)
    for resample in 0..<resamples {
      var random = CounterRandom(seed: 0, purpose: .bootstrap, sample: UInt32(resample))
      for column in 0..<columns { sums[column] = 0 }
      for _ in 0..<images {
        let start = Int(random.below(UInt32(images))) * columns
        for column in 0..<columns { sums[column] += matrix[start + column] }
      }
      for column in 0..<columns { means[column].append(sums[column] / Double(images)) }
    }
    return means.map { means in
      let sorted = means.sorted()
      return quantile(0.025, of: sorted)...quantile(0.975, of: sorted)
    }
  }

  /// The quantile of sorted values by linear interpolation, NumPy's default.
  static func quantile(_ p: Double, of sorted: [Double]) -> Double {
    let place = p * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}
