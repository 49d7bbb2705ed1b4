/// A bound on the gradients, applied before the optimizer step.
package enum GradientClipping: Sendable, Equatable {
  /// Limits the Euclidean norm of all gradients together, like PyTorch's `clip_grad_norm_`.
  case norm(Double)
  /// Limits the magnitude of each element, like PyTorch's `clip_grad_value_`.
  case value(Double)

  /// Clips the gradients of `groups`, which are contiguous in `gradients`, in place.
  package func apply(
    to gradients: UnsafeMutablePointer<Float>, groups: [ParameterGroup],
    parallel: @escaping ParallelFor
  ) {
    guard let first = groups.first, let last = groups.last else { return }
    let range = first.range.lowerBound..<last.range.upperBound
    switch self {
    case .norm(let most):
      let norm = Self.norm(gradients, groups: groups, parallel: parallel)
      // A norm of NaN makes all gradients NaN, as in PyTorch.
      let factor = most / (norm + 1e-6)
      guard !(factor >= 1) else { return }
      let scale = Vector(repeating: Float(factor))
      Self.change(gradients, range, parallel) { $0 * scale }
    case .value(let most):
      let high = Vector(repeating: Float(most))
      // Comparisons with NaN are false, so NaN stays NaN.
      Self.change(gradients, range, parallel) { value in
        value.replacing(with: high, where: value .> high)
          .replacing(with: -high, where: value .< -high)
      }
    }
  }

  /// √Σx², summed in double precision in an order independent of the number of threads and of row
  /// padding.
  ///
  /// Chunks are cut as if every row were padded to a multiple of 8.
  package static func norm(
    _ values: UnsafePointer<Float>, groups: [ParameterGroup], parallel: @escaping ParallelFor
  ) -> Double {
    var parts: [(group: ParameterGroup, width: Int, places: Range<Int>)] = []
    for group in groups {
      let width = (group.columns + 7) / 8 * 8
      let start = parts.last?.places.upperBound ?? 0
      parts.append((group, width, start..<start + group.range.count / group.stride * width))
    }
    let chunks = chunks(of: 0..<(parts.last?.places.upperBound ?? 0))
    var sums = [Double](repeating: 0, count: chunks.count)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let start = sums.baseAddress else { return }
      parallel(chunks.count) { index in
        var sum = 0.0
        for (group, width, places) in parts where places.overlaps(chunks[index]) {
          let part = places.clamped(to: chunks[index])
          var place = part.lowerBound
          while place < part.upperBound {
            let (row, column) = (place - places.lowerBound).quotientAndRemainder(dividingBy: width)
            let count = min(width - column, part.upperBound - place)
            let first = group.range.lowerBound + row * group.stride + column
            for i in first..<first + max(0, min(count, group.columns - column)) {
              sum += Double(values[i]) * Double(values[i])
            }
            place += count
          }
        }
        start[index] = sum
      }
    }
    return sums.reduce(0, +).squareRoot()
  }

  @inline(__always)
  private static func change(
    _ values: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ parallel: @escaping ParallelFor,
    _ body: (Vector) -> Vector
  ) {
    let chunks = chunks(of: range)
    parallel(chunks.count) { index in
      let range = chunks[index]
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Vector.scalarCount) {
        store(body(load(values + i)), values + i)
      }
    }
  }
}
