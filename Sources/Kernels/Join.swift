/// The sum of two feature maps of one shape: a residual connection.
///
/// Its activation, if any, is its readers' to apply.
///
/// Element-wise and bound by memory: 12 bytes an element forward, 8 to 16 for each input backward.
public enum Join {
  /// How `pixels` are split into tasks.
  public static func split(pixels: Int) -> WorkSplit {
    WorkSplit(rows: pixels, block: 64, most: 64)
  }

  /// Floats of scratch memory that each worker needs.
  public static func scratchCount(stride: Int) -> Int { 2 * stride }

  /// output = a + b; all three `[batch, H, W, stride]`.
  public static func forward(
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

  /// Hands `gradient`, that of the sum, on to one input: through the input's activation where this
  /// is its last reader.
  ///
  /// `destination.finish.sums` has `split(pixels:).chunks` chunks. `destination.data` may be
  /// `gradient` itself.
  public static func backward(
    _ gradient: UnsafePointer<Float>, input: FeatureMap, batch: Int,
    destination: InputGradient, pool: ThreadPool
  ) {
    let split = split(pixels: batch * input.height * input.width)
    pool.run(split.chunks) { chunk, _ in
      var destination = destination
      destination.finish?.sums += chunk * 2 * input.stride
      input.activation.specialise(
        GradientRows(
          input: input, destination: destination, pixels: split.range(of: chunk)
        ) { pixel, c in load(gradient + pixel * input.stride + c) })
    }
  }
}

/// Global average pooling: `[batch, H, W, stride]` → `[batch, stride]`.
public enum GlobalAveragePool {
  /// The means over each image's pixels.
  public static func forward(
    _ input: FeatureMap, batch: Int, output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    pool.run(batch) { image, _ in
      input.activation.specialise(PoolImage(input: input, image: image, output: output))
    }
  }

  /// How `batch` images are split into tasks backward.
  public static func split(batch: Int) -> WorkSplit { WorkSplit(rows: batch, block: 1, most: 64) }

  /// The gradient of the input from that of the means; `destination.finish.sums` has
  /// `split(batch:).chunks` chunks.
  public static func backward(
    _ gradient: UnsafePointer<Float>, input: FeatureMap, batch: Int, destination: InputGradient,
    pool: ThreadPool
  ) {
    let split = split(batch: batch)
    let pixels = input.height * input.width
    let share = Vector(repeating: 1 / Float(pixels))
    pool.run(split.chunks) { chunk, _ in
      var destination = destination
      destination.finish?.sums += chunk * 2 * input.stride
      let images = split.range(of: chunk)
      input.activation.specialise(
        GradientRows(
          input: input, destination: destination,
          pixels: images.lowerBound * pixels..<images.upperBound * pixels
        ) { pixel, c in load(gradient + pixel / pixels * input.stride + c) * share })
    }
  }
}

/// Gradients made element by element, stored through `GradientStore`; sums are flushed every 256
/// pixels.
private struct GradientRows: ActivatedKernel {
  let input: FeatureMap
  let destination: InputGradient
  let pixels: Range<Int>
  let value: (_ pixel: Int, _ channel: Int) -> Vector

  func run<A: ActivationFunction>(_ activation: A) {
    let stride = input.stride
    let gradientStore = GradientStore(
      input: input, destination: destination, activation: activation)
    let totals = destination.finish?.sums
    totals?.update(repeating: 0, count: 2 * stride)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * stride) { buffer in
      guard let sums = buffer.baseAddress else { return }
      sums.update(repeating: 0, count: 2 * stride)
      for start in Swift.stride(from: pixels.lowerBound, to: pixels.upperBound, by: 256) {
        for pixel in start..<min(start + 256, pixels.upperBound) {
          for c in Swift.stride(from: 0, to: stride, by: lanes) {
            var own = GradientSums()
            gradientStore(value(pixel, c), at: pixel * stride + c, channel: c, sums: &own)
            own.add(to: sums + c, stride: stride)
          }
        }
        if let totals { flush(sums, into: totals, count: 2 * stride) }
      }
    }
  }
}

private struct PoolImage: ActivatedKernel {
  let input: FeatureMap
  let image: Int
  let output: UnsafeMutablePointer<Float>

  func run<A: ActivationFunction>(_ activation: A) {
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
