/// Batch statistics from a kernel's partial sums, which are added in float64 in chunk order.
package enum BatchStatistics {
  /// The sum of entry `index` of the partial sums, `[chunks, 2 · stride]`.
  @inline(__always)
  package static func total(
    _ sums: UnsafePointer<Double>, _ partials: PartialSums, stride: Int, _ index: Int
  ) -> Double {
    var total = 0.0
    for chunk in 0..<partials.count { total += sums[chunk * 2 * stride + index] }
    return total
  }

  package struct Channel {
    /// The mean over the batch and all pixels.
    package var mean: Double
    /// The biased variance.
    package var variance: Double

    package init(mean: Double, variance: Double) {
      self.mean = mean
      self.variance = variance
    }
  }

  /// Mean and variance of channel `channel` from Σy and Σy² over `count` values.
  package static func channel(
    _ channel: Int, sums: UnsafePointer<Double>, _ partials: PartialSums, stride: Int, count: Int
  ) -> Channel {
    let mean = total(sums, partials, stride: stride, channel) / Double(count)
    let square = total(sums, partials, stride: stride, stride + channel) / Double(count)
    let variance = square - mean * mean
    return Channel(mean: mean, variance: variance < 0 ? 0 : variance)
  }
}
