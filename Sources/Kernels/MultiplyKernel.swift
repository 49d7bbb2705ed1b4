import Common

/// The product of a feature map and a gate with one value per image and channel: the last step of
/// squeeze-and-excitation (Hu et al., 2018, equation 4), and dropout, whose gate is a mask.
///
/// Memory-bound: per map element 8 bytes forward (read, write) and 12 backward (gradient and map
/// read, the map's gradient written). Both gradients are computed in one pass; an image's sums for
/// the gate stay in L1.
package enum MultiplyKernel {
  package static func scratchCount(stride: Int) -> Int { 4 * stride }

  /// output = map · gate: `[batch, H, W, stride]` from a map of that shape and a gate `[batch,
  /// stride]`, both after their activations.
  package static func forward(
    _ map: FeatureMap, gate: FeatureMap, batch: Int, output: UnsafeMutablePointer<Float>,
    pool: ThreadPool, scratch: UnsafeMutablePointer<Float>
  ) {
    let area = map.height * map.width
    let split = WorkSplit(rows: batch * area, block: 64)
    pool.run(split.chunks) { chunk, worker in
      let row = scratch + worker * scratchCount(stride: map.stride)
      let pixels = split.range(of: chunk)
      for image in pixels.lowerBound / area..<(pixels.upperBound + area - 1) / area {
        gate.read(at: image * map.stride, into: row)
        map.activation.specialize(
          MultiplyForward(
            map: map, gate: UnsafePointer(row), output: output,
            pixels: pixels.clamped(to: image * area..<(image + 1) * area)))
      }
    }
  }

  /// The gradients of the map and of the gate from that of the product.
  ///
  /// - Parameters:
  ///   - destination: the destination of the map's gradient; nil if it is not needed.
  ///   - gateGradient: `[batch, stride]`, the gradient of the gate's value, not yet taken through
  ///     its activation; nil if it is not needed.
  ///   - scratch: `scratchCount` floats for each worker.
  /// - Returns: the number of partial sums for `destination.finish`.
  package static func backward(
    _ gradient: UnsafePointer<Float>, map: FeatureMap, gate: FeatureMap, batch: Int,
    destination: InputGradient?, gateGradient: UnsafeMutablePointer<Float>?, pool: ThreadPool,
    scratch: UnsafeMutablePointer<Float>
  ) -> PartialSums {
    // The gate's gradient is a sum over an image's pixels.
    let split = WorkSplit(rows: batch, block: 1)
    pool.run(split.chunks) { chunk, worker in
      map.activation.specialize(
        MultiplyBackward(
          gradient: gradient, map: map, gate: gate, images: split.range(of: chunk),
          destination: destination?.part(ofChunk: chunk, stride: map.stride),
          gateGradient: gateGradient,
          scratch: scratch + worker * scratchCount(stride: map.stride)))
    }
    return split.partialSums
  }
}

private struct MultiplyForward: ActivatedKernel {
  let map: FeatureMap
  let gate: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let pixels: Range<Int>

  func run<A: VectorActivation>(_ activation: A) {
    for pixel in pixels {
      let offset = pixel * map.stride
      for c in Swift.stride(from: 0, to: map.stride, by: lanes) {
        let value = activation(map.affine(load(map.data + offset + c), channel: c))
        store(value * load(gate + c), output + offset + c)
      }
    }
  }
}

private struct MultiplyBackward: ActivatedKernel {
  let gradient: UnsafePointer<Float>
  let map: FeatureMap
  let gate: FeatureMap
  let images: Range<Int>
  let destination: InputGradient?
  let gateGradient: UnsafeMutablePointer<Float>?
  let scratch: UnsafeMutablePointer<Float>

  func run<A: VectorActivation>(_ activation: A) {
    let (stride, area) = (map.stride, map.height * map.width)
    let (gateRow, products, sums) = (scratch, scratch + stride, scratch + 2 * stride)
    (scratch + stride).update(repeating: 0, count: 3 * stride)
    let totals = destination?.finish?.sums
    totals?.update(repeating: 0, count: 2 * stride)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: stride) { buffer in
      guard let gateTotals = buffer.baseAddress else { return }
      for image in images {
        gate.read(at: image * stride, into: gateRow)
        gateTotals.update(repeating: 0, count: stride)
        for start in Swift.stride(from: image * area, to: (image + 1) * area, by: 256) {
          let pixels = start..<min(start + 256, (image + 1) * area)
          if gateGradient != nil {
            multiply(pixels, into: products, activation)
            flush(products, into: gateTotals, count: stride)
          }
          if let destination {
            passOn(pixels, gateRow, destination, sums, activation)
            if let totals { flush(sums, into: totals, count: 2 * stride) }
          }
        }
        guard let gateGradient else { continue }
        for c in 0..<stride { gateGradient[image * stride + c] = Float(gateTotals[c]) }
      }
    }
  }

  /// products += gradient · map over the pixels.
  @inline(__always)
  private func multiply<A: VectorActivation>(
    _ pixels: Range<Int>, into products: UnsafeMutablePointer<Float>, _ activation: A
  ) {
    for pixel in pixels {
      let offset = pixel * map.stride
      for c in Swift.stride(from: 0, to: map.stride, by: lanes) {
        let value = activation(map.affine(load(map.data + offset + c), channel: c))
        store(fma(load(gradient + offset + c), value, load(products + c)), products + c)
      }
    }
  }

  /// The map's gradient of the pixels: gradient · gate.
  @inline(__always)
  private func passOn<A: VectorActivation>(
    _ pixels: Range<Int>, _ gateRow: UnsafeMutablePointer<Float>, _ destination: InputGradient,
    _ sums: UnsafeMutablePointer<Float>, _ activation: A
  ) {
    let gradientStore = GradientStore(input: map, destination: destination, activation: activation)
    for pixel in pixels {
      let offset = pixel * map.stride
      for c in Swift.stride(from: 0, to: map.stride, by: lanes) {
        var own = ChannelSums()
        gradientStore.column(c)(
          load(gradient + offset + c) * load(gateRow + c), at: offset + c, sums: &own)
        if destination.finish != nil { own.add(to: sums + c, stride: map.stride) }
      }
    }
  }
}
