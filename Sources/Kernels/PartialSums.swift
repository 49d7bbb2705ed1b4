import Common

/// How many partial sums a kernel has left, one per chunk; they are added in the chunks' order.
package struct PartialSums: Sendable, Equatable {
  package let count: Int

  package static let none = PartialSums(count: 0)

  package init(count: Int) { self.count = count }

  /// destination[i] = Σ partials[chunk][i] over the chunks, for `length` floats each.
  package func reduce(
    _ partials: UnsafePointer<Float>, length: Int, into destination: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    let split = WorkSplit(rows: length, block: 4096)
    pool.run(split.chunks) { task, _ in
      let range = split.range(of: task)
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: lanes) {
        var total = load(partials + i)
        for chunk in 1..<max(1, count) { total += load(partials + chunk * length + i) }
        store(total, destination + i)
      }
    }
  }

  /// The sum of entry `index` of `sums`, `[chunks, 2 · stride]`, in float64.
  @inline(__always)
  package func total(_ sums: UnsafePointer<Double>, stride: Int, _ index: Int) -> Double {
    (0..<count).reduce(0) { $0 + sums[$1 * 2 * stride + index] }
  }

  /// Mean and biased variance of a channel, from Σy and Σy² over `values` values.
  package func statistics(
    ofChannel channel: Int, _ sums: UnsafePointer<Double>, stride: Int, values: Int
  ) -> (mean: Double, variance: Double) {
    let mean = total(sums, stride: stride, channel) / Double(values)
    let square = total(sums, stride: stride, stride + channel) / Double(values)
    let variance = square - mean * mean
    return (mean, variance < 0 ? 0 : variance)
  }
}
