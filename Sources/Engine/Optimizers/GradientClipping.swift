/// A bound on the gradients, applied before the optimizer's step.
package enum GradientClipping: Sendable, Equatable {
  /// The Euclidean norm of all gradients together is at most this, as PyTorch's `clip_grad_norm_`.
  case norm(Double)
  /// Each element is at most this, up and down, as PyTorch's `clip_grad_value_`.
  case value(Double)

  /// Bounds `count` gradients in place; `count` is a multiple of 8.
  package func apply(
    to gradients: UnsafeMutablePointer<Float>, count: Int, parallel: @escaping ParallelFor
  ) {
    switch self {
    case .norm(let most):
      let norm = Self.norm(gradients, count: count, parallel: parallel)
      // A norm of NaN makes all gradients NaN, as in PyTorch.
      let factor = most / (norm + 1e-6)
      guard !(factor >= 1) else { return }
      let scale = Vector(repeating: Float(factor))
      Self.change(gradients, count, parallel) { $0 * scale }
    case .value(let most):
      let high = Vector(repeating: Float(most))
      // Comparisons with NaN are false, so NaN stays NaN.
      Self.change(gradients, count, parallel) { value in
        value.replacing(with: high, where: value .> high)
          .replacing(with: -high, where: value .< -high)
      }
    }
  }

  /// √Σx², summed in double precision in an order that does not depend on the number of threads.
  package static func norm(
    _ values: UnsafePointer<Float>, count: Int, parallel: @escaping ParallelFor
  ) -> Double {
    let chunks = chunks(of: 0..<count)
    var sums = [Double](repeating: 0, count: chunks.count)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let start = sums.baseAddress else { return }
      parallel(chunks.count) { index in
        var sum = 0.0
        for i in chunks[index] { sum += Double(values[i]) * Double(values[i]) }
        start[index] = sum
      }
    }
    return sums.reduce(0, +).squareRoot()
  }

  @inline(__always)
  private static func change(
    _ values: UnsafeMutablePointer<Float>, _ count: Int, _ parallel: @escaping ParallelFor,
    _ body: (Vector) -> Vector
  ) {
    let chunks = chunks(of: 0..<count)
    parallel(chunks.count) { index in
      let range = chunks[index]
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Vector.scalarCount) {
        store(body(load(values + i)), values + i)
      }
    }
  }
}
