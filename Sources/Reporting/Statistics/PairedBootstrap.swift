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
    // Most differences are of right and wrong answers: -1, 0 or 1. Their sums are exact in any order,
    // so it is enough to know how often each image was drawn.
    let whole = differences.map { values in
      let small = values.compactMap { Int8(exactly: $0).map(Int16.init) }
      return small.count == values.count ? small : []
    }
    let others = differences.indices.filter { whole[$0].isEmpty }
    let matrix = (0..<images).flatMap { image in others.map { differences[$0][image] } }
    var means = [[Double]](repeating: [], count: differences.count)
    for resample in 0..<resamples {
      var random = CounterRandom(seed: 0, purpose: .bootstrap, sample: UInt32(resample))
      var draws = [Int16](repeating: 0, count: images)
      var sums = [Double](repeating: 0, count: others.count)
      for _ in 0..<images {
        let image = Int(random.below(UInt32(images)))
        draws[image] += 1
        for place in sums.indices { sums[place] += matrix[image * sums.count + place] }
      }
      for (column, sum) in zip(others, sums) { means[column].append(sum / Double(images)) }
      for (column, values) in whole.enumerated() where !values.isEmpty {
        means[column].append(Double(Self.sum(values, draws)) / Double(images))
      }
    }
    return means.map { means in
      let sorted = means.sorted()
      return quantile(0.025, of: sorted)...quantile(0.975, of: sorted)
    }
  }

  private static func sum(_ values: [Int16], _ draws: [Int16]) -> Int32 {
    values.withUnsafeBufferPointer { values in
      draws.withUnsafeBufferPointer { draws in
        var sum: Int32 = 0
        for index in 0..<min(values.count, draws.count) {
          sum &+= Int32(values[index]) &* Int32(draws[index])
        }
        return sum
      }
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
