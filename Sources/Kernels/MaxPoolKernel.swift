import Common

/// A max pool: the largest value of each window, channel by channel.
///
/// Forward, each window reads and activates its pixels: a row of windows stays in L1. Backward, the
/// maximum is searched again, so that nothing but the maps is kept, and the gradient is added to the
/// first one in the window's row-major order, as PyTorch does. Windows overlap, so a task has whole
/// images. Traffic: 4 bytes per input element and 4 per output element forward; backward 4 per
/// output element and 12 per input element (value read, gradient read and written).
package struct MaxPoolKernel: Sendable, Equatable {
  package let kernelSize: Int
  package let stride: Int
  /// Rows and columns above and to the left of the input, at most half a window; they are never the
  /// maximum.
  package let padding: Int

  package init(kernelSize: Int, stride: Int, padding: Int) {
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  /// The maxima of `batch` images, `[batch, H', W', stride]`.
  package func forward(
    _ input: FeatureMap, batch: Int, output: FeatureMap, pool: ThreadPool
  ) {
    let split = WorkSplit(rows: batch * output.height, block: 1)
    pool.run(split.chunks) { chunk, _ in
      input.activation.specialize(
        MaxPoolRows(
          shape: self, input: input, output: output, rows: split.range(of: chunk), gradient: nil))
    }
  }

  /// Adds the input's gradient to `destination`, `[batch, H, W, stride]`, before the derivative of
  /// the input's activation.
  package func addInputGradient(
    _ gradient: UnsafePointer<Float>, input: FeatureMap, batch: Int, output: FeatureMap,
    to destination: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    pool.run(batch) { image, _ in
      input.activation.specialize(
        MaxPoolRows(
          shape: self, input: input, output: output,
          rows: image * output.height..<(image + 1) * output.height,
          gradient: (gradient, destination)))
    }
  }
}

/// Rows of windows, forward, or backward with a gradient and its destination.
private struct MaxPoolRows: ActivatedKernel {
  let shape: MaxPoolKernel
  let input: FeatureMap
  let output: FeatureMap
  let rows: Range<Int>
  let gradient: (source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>)?

  func run<A: VectorActivation>(_ activation: A) {
    for row in rows {
      let (image, y) = row.quotientAndRemainder(dividingBy: output.height)
      let ys = pixels(of: y, size: input.height)
      for x in 0..<output.width {
        let xs = pixels(of: x, size: input.width)
        for channel in Swift.stride(from: 0, to: input.stride, by: lanes) {
          let start = image * input.height * input.width * input.stride + channel
          let offset = (row * output.width + x) * input.stride + channel
          let (value, place) = maximum(ys, xs, from: start, channel: channel, activation)
          if let gradient {
            add(
              load(gradient.source + offset), at: place, ys, xs,
              to: gradient.destination + start)
          } else {
            store(value, output.data + offset)
          }
        }
      }
    }
  }

  /// The rows or columns of the input in window `index`.
  @inline(__always)
  private func pixels(of index: Int, size: Int) -> Range<Int> {
    let start = index * shape.stride - shape.padding
    return max(0, start)..<min(size, start + shape.kernelSize)
  }

  /// The maxima of a vector of channels and their pixels; NaN is larger than any number.
  @inline(__always)
  private func maximum<A: VectorActivation>(
    _ ys: Range<Int>, _ xs: Range<Int>, from start: Int, channel: Int, _ activation: A
  ) -> (value: Vector, place: Integers) {
    var value = Vector(repeating: -.infinity)
    var place = Integers(repeating: Int32(ys.lowerBound * input.width + xs.lowerBound))
    for y in ys {
      for x in xs {
        let pixel = y * input.width + x
        let raw = load(input.data + start + pixel * input.stride)
        let z = activation(input.affine(raw, channel: channel))
        let isLarger = (z .> value) .| (z .!= z)
        value.replace(with: z, where: isLarger)
        place.replace(with: Integers(repeating: Int32(pixel)), where: isLarger)
      }
    }
    return (value, place)
  }

  @inline(__always)
  private func add(
    _ gradient: Vector, at place: Integers, _ ys: Range<Int>, _ xs: Range<Int>,
    to destination: UnsafeMutablePointer<Float>
  ) {
    for y in ys {
      for x in xs {
        let pixel = y * input.width + x
        let isPlace = place .== Integers(repeating: Int32(pixel))
        Kernels.add(
          Vector(repeating: 0).replacing(with: gradient, where: isPlace),
          to: destination + pixel * input.stride)
      }
    }
  }
}
