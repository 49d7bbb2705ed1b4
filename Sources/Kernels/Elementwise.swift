/// Passes over flat arrays of parameters.
public enum Elementwise {
  /// destination[i] = Σ over chunks of partials[chunk][i], in the chunks' order.
  public static func reduce(
    _ partials: UnsafePointer<Float>, chunks: Int, count: Int,
    into destination: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let split = WorkSplit(rows: count, block: 4096, most: 64)
    pool.run(split.chunks) { task, _ in
      let range = split.range(of: task)
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: lanes) {
        var total = load(partials + i)
        for chunk in 1..<max(1, chunks) { total += load(partials + chunk * count + i) }
        store(total, destination + i)
      }
    }
  }
}
