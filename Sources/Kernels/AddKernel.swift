import Common

/// The sum of two feature maps of equal shape: a residual connection.
///
/// Memory-bound: 12 bytes per element forward, 8 to 16 per input element backward.
package enum AddKernel {
  private static func split(pixels: Int) -> WorkSplit { WorkSplit(rows: pixels, block: 64) }

  package static func scratchCount(stride: Int) -> Int { 2 * stride }

  /// output = a + b; all three `[batch, H, W, stride]`.
  package static func forward(
    _ a: FeatureMap, _ b: FeatureMap, batch: Int, output: UnsafeMutablePointer<Float>,
    pool: ThreadPool, scratch: UnsafeMutablePointer<Float>
  ) {
    let split = split(pixels: batch * a.height * a.width)
    let stride = a.stride
    pool.run(split.chunks) { chunk, worker in
      let rowA = scratch + worker * scratchCount(stride: stride)
      let rowB = rowA + stride
      for pixel in split.range(of: chunk) {
        let offset = pixel * stride
        a.read(at: offset, into: rowA)
        b.read(at: offset, into: rowB)
        for c in Swift.stride(from: 0, to: stride, by: lanes) {
          store(load(rowA + c) + load(rowB + c), output + offset + c)
        }
      }
    }
  }

  /// Passes `gradient`, that of the sum, to one input, multiplied by the derivative of the input's
  /// activation if this is its last reader.
  ///
  /// `destination.data` may be `gradient`. Returns the number of partial sums for
  /// `destination.finish`.
  package static func backward(
    _ gradient: UnsafePointer<Float>, input: FeatureMap, batch: Int,
    destination: InputGradient, pool: ThreadPool
  ) -> PartialSums {
    let split = split(pixels: batch * input.height * input.width)
    pool.run(split.chunks) { chunk, _ in
      input.activation.specialize(
        GradientRows(
          input: input, destination: destination.part(ofChunk: chunk, stride: input.stride),
          pixels: split.range(of: chunk)
        ) { pixel, c in load(gradient + pixel * input.stride + c) })
    }
    return split.partialSums
  }
}
