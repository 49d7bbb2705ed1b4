/// Passes over flat arrays of parameters.
package enum Elementwise {
  /// destination[i] = Σ partials[chunk][i] over the chunks of `sums`, in their order.
  package static func reduce(
    _ partials: UnsafePointer<Float>, _ sums: PartialSums, count: Int,
    into destination: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let split = WorkSplit(rows: count, block: 4096)
    pool.run(split.chunks) { task, _ in
      let range = split.range(of: task)
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: lanes) {
        var total = load(partials + i)
        for chunk in 1..<max(1, sums.count) { total += load(partials + chunk * count + i) }
        store(total, destination + i)
      }
    }
  }
}
