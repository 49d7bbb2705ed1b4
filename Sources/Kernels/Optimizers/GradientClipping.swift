/// A bound on gradients, applied before an optimiser's step.
public enum GradientClipping: Sendable, Equatable {
  /// The Euclidean norm of all gradients together is at most this, as PyTorch's `clip_grad_norm_`.
  case norm(Double)
  /// Each element is at most this, up and down, as PyTorch's `clip_grad_value_`.
  case value(Double)

  /// Bounds `count` gradients in place; `count` is a multiple of `lanes`.
  public func apply(
    to gradients: UnsafeMutablePointer<Float>, count: Int, pool: ThreadPool
  ) {
    switch self {
    case .norm(let most):
      let norm = Self.norm(gradients, count: count, pool: pool)
      // A norm that is not a number makes all gradients that, as it does in PyTorch.
      let factor = most / (norm + 1e-6)
      guard !(factor >= 1) else { return }
      let scale = Vector(repeating: Float(factor))
      Self.change(gradients, count, pool) { $0 * scale }
    case .value(let most):
      let high = Vector(repeating: Float(most))
      // The second of the two is taken where one is not a number, so that it stays one.
      Self.change(gradients, count, pool) { minimum(high, maximum(-high, $0)) }
    }
  }

  /// √Σx², summed in double in an order that the number of threads does not change.
  public static func norm(
    _ values: UnsafePointer<Float>, count: Int, pool: ThreadPool
  ) -> Double {
    let split = WorkSplit(rows: count, block: 4096, most: 256)
    var sums = [Double](repeating: 0, count: split.chunks)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let start = sums.baseAddress else { return }
      pool.run(split.chunks) { task, _ in
        var sum = 0.0
        for i in split.range(of: task) { sum += Double(values[i]) * Double(values[i]) }
        start[task] = sum
      }
    }
    return sums.reduce(0, +).squareRoot()
  }

  @inline(__always)
  private static func change(
    _ values: UnsafeMutablePointer<Float>, _ count: Int, _ pool: ThreadPool,
    _ body: (Vector) -> Vector
  ) {
    let split = WorkSplit(rows: count, block: 4096, most: 256)
    pool.run(split.chunks) { task, _ in
      let range = split.range(of: task)
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: lanes) {
        store(body(load(values + i)), values + i)
      }
    }
  }
}
