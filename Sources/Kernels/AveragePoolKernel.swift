import Common

/// Global average pooling: `[batch, H, W, stride]` → `[batch, stride]`.
///
/// Memory-bound: 4 bytes per input element forward; backward 8, or 12 if added to another reader's
/// gradient.
package enum AveragePoolKernel {
  package static func forward(
    _ input: FeatureMap, batch: Int, output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    pool.run(batch) { image, _ in
      input.activation.specialize(PoolImage(input: input, image: image, output: output))
    }
  }

  /// The input's gradient from that of the means.
  ///
  /// Returns the number of partial sums for `destination.finish`.
  package static func backward(
    _ gradient: UnsafePointer<Float>, input: FeatureMap, batch: Int, destination: InputGradient,
    pool: ThreadPool
  ) -> PartialSums {
    let split = WorkSplit(rows: batch, block: 1)
    let pixels = input.height * input.width
    let share = Vector(repeating: 1 / Float(pixels))
    pool.run(split.chunks) { chunk, _ in
      let images = split.range(of: chunk)
      input.activation.specialize(
        GradientRows(
          input: input, destination: destination.part(ofChunk: chunk, stride: input.stride),
          pixels: images.lowerBound * pixels..<images.upperBound * pixels
        ) { pixel, c in load(gradient + pixel / pixels * input.stride + c) * share })
    }
    return split.partialSums
  }
}

private struct PoolImage: ActivatedKernel {
  let input: FeatureMap
  let image: Int
  let output: UnsafeMutablePointer<Float>

  func run<A: VectorActivation>(_ activation: A) {
    let pixels = input.height * input.width
    let source = input.data + image * pixels * input.stride
    let mean = output + image * input.stride
    mean.update(repeating: 0, count: input.stride)
    for pixel in 0..<pixels {
      let row = source + pixel * input.stride
      for c in Swift.stride(from: 0, to: input.stride, by: lanes) {
        add(activation(input.affine(load(row + c), channel: c)), to: mean + c)
      }
    }
    let share = Vector(repeating: 1 / Float(pixels))
    for c in Swift.stride(from: 0, to: input.stride, by: lanes) {
      store(load(mean + c) * share, mean + c)
    }
  }
}
