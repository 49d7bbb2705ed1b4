/// The arithmetic between two passes over a feature map: batch normalisation's coefficients from
/// the sums of a pass.
///
/// Sums are added chunk by chunk in float64, in the chunks' order.
public enum BatchStatistics {
  /// The sum over chunks of entry `index` of `sums`, `[chunks, 2 · stride]`.
  @inline(__always)
  public static func total(
    _ sums: UnsafePointer<Double>, chunks: Int, stride: Int, _ index: Int
  ) -> Double {
    var total = 0.0
    for chunk in 0..<chunks { total += sums[chunk * 2 * stride + index] }
    return total
  }

  /// A channel's batch statistics.
  public struct Channel {
    /// The mean over the batch and all pixels.
    public var mean: Double
    /// The variance, not the unbiased one.
    public var variance: Double

    /// Statistics that are known.
    public init(mean: Double, variance: Double) {
      self.mean = mean
      self.variance = variance
    }
  }

  /// Mean and variance of channel `channel` from Σy and Σy² over `count` values.
  public static func channel(
    _ channel: Int, sums: UnsafePointer<Double>, chunks: Int, stride: Int, count: Int
  ) -> Channel {
    let mean = total(sums, chunks: chunks, stride: stride, channel) / Double(count)
    let square = total(sums, chunks: chunks, stride: stride, stride + channel) / Double(count)
    let variance = square - mean * mean
    return Channel(mean: mean, variance: variance < 0 ? 0 : variance)
  }
}
