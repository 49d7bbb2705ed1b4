extension DepthwiseConvolution {
  /// The gradients of the kernel and of the input.
  ///
  /// - Parameters:
  ///   - input: what `forward` read.
  ///   - gradient: of the output, `[batch, H', W', channelStride]`.
  ///   - height: H'.
  ///   - width: W'.
  ///   - partials: `[chunks, kernelSize, kernelSize, channelStride]` of `split(batch:height: H)`:
  ///     each chunk's share of the kernel's gradient.
  ///   - scratch: `scratchCount` floats for each worker.
  public func backward(
    _ input: FeatureMap, gradient: OutputGradient, batch: Int, height: Int, width: Int,
    weights: UnsafePointer<Float>, partials: UnsafeMutablePointer<Float>,
    inputGradient: InputGradient, pool: ThreadPool, scratch: UnsafeMutablePointer<Float>
  ) {
    let (bands, split) = split(batch: batch, height: input.height)
    let scratchCount = scratchCount(width: input.width)
    pool.run(split.chunks) { chunk, worker in
      var destination = inputGradient
      destination.finish?.sums += chunk * 2 * channelStride
      input.activation.specialise(
        DepthwiseBackward(
          shape: self, input: input, gradient: gradient, outputHeight: height, outputWidth: width,
          weights: weights, bands: bands, units: split.range(of: chunk),
          partial: partials + chunk * weightCount, inputGradient: destination,
          scratch: scratch + worker * scratchCount))
    }
  }
}

private struct DepthwiseBackward: ActivatedKernel {
  let shape: DepthwiseConvolution
  let input: FeatureMap
  let gradient: OutputGradient
  let outputHeight: Int
  let outputWidth: Int
  let weights: UnsafePointer<Float>
  let bands: Int
  let units: Range<Int>
  let partial: UnsafeMutablePointer<Float>
  let inputGradient: InputGradient
  let scratch: UnsafeMutablePointer<Float>

  private var rowCount: Int { shape.rowCount(width: input.width) }

  func run<A: ActivationFunction>(_ activation: A) {
    let (k, channels) = (shape.kernelSize, shape.channelStride)
    let inputRow = scratch + k * rowCount
    let blockSums = inputRow + rowCount
    blockSums.update(repeating: 0, count: 2 * channels)
    partial.update(repeating: 0, count: shape.weightCount)
    let sums = inputGradient.finish?.sums
    sums?.update(repeating: 0, count: 2 * channels)
    scratch.update(repeating: 0, count: (k + 1) * rowCount)
    let gradientStore = GradientStore(
      input: input, destination: inputGradient, activation: activation)
    for unit in units {
      let (image, band) = unit.quotientAndRemainder(dividingBy: bands)
      var loaded = 0
      for y in bandRange(band, of: bands, height: input.height) {
        // Output row oy reads input row y at kernel row ky = y + padding - oy · stride.
        let bottom = y + shape.padding
        let first = max(0, (bottom - k + shape.stride) / shape.stride)
        let last = min(outputHeight - 1, bottom / shape.stride)
        for row in max(loaded, first)..<max(loaded, first, last + 1) {
          loadGradientRow(image: image, row)
        }
        loaded = max(loaded, last + 1)
        loadInputRow(image: image, y, inputRow, activation)
        let rows = first..<max(first, last + 1)
        for channel in Swift.stride(from: 0, to: channels, by: panelWidth) {
          let wide = channels - channel >= panelWidth
          for phase in 0..<shape.stride {
            gatherRow(
              image: image, y, rows, phase: phase, channel: channel, wide: wide, gradientStore,
              blockSums)
          }
          for row in rows {
            let ky = bottom - row * shape.stride
            for kx in Swift.stride(from: 0, to: k, by: 3) {
              accumulateTaps(row, ky, kx, inputRow, channel: channel, wide: wide)
            }
          }
        }
      }
      if let sums { flush(blockSums, into: sums, count: 2 * channels) }
    }
  }

  /// The ring's row for output row `row`, at its column 0; to the left and right of the columns lie
  /// zeros.
  @inline(__always)
  private func slot(_ row: Int) -> UnsafeMutablePointer<Float> {
    scratch + row % shape.kernelSize * rowCount + shape.kernelSize * shape.pixelStride
  }

  @inline(__always)
  private func loadGradientRow(image: Int, _ row: Int) {
    let channels = shape.channelStride
    let offset = (image * outputHeight + row) * outputWidth * channels
    let destination = slot(row)
    for x in 0..<outputWidth {
      formGradient(
        gradient, at: offset + x * channels, destination + x * shape.pixelStride, count: channels)
    }
  }

  @inline(__always)
  private func loadInputRow<A: ActivationFunction>(
    image: Int, _ y: Int, _ row: UnsafeMutablePointer<Float>, _ activation: A
  ) {
    let channels = shape.channelStride
    let source = input.data + (image * input.height + y) * input.width * channels
    for x in 0..<input.width {
      activate(
        source + x * channels, row + (x + shape.padding) * shape.pixelStride, count: channels,
        affine: input.affine, activation)
    }
  }

  /// The gradient of the input columns x ≡ phase - padding (mod stride): those that kernel columns
  /// kx ≡ phase reach.
  @inline(__always)
  private func gatherRow<A: ActivationFunction>(
    image: Int, _ y: Int, _ rows: Range<Int>, phase: Int, channel: Int, wide: Bool,
    _ gradientStore: GradientStore<A>, _ blockSums: UnsafeMutablePointer<Float>
  ) {
    let (k, channels, pixel) = (shape.kernelSize, shape.channelStride, shape.pixelStride)
    let (stride, padding) = (shape.stride, shape.padding)
    let start = (phase + stride * padding - padding) % stride
    let offset = (image * input.height + y) * input.width * channels + channel
    var (sumsA, sumsB) = (GradientSums(), GradientSums())
    for x in Swift.stride(from: start, to: input.width, by: columnsAtOnce * stride) {
      var result = Columns()
      for row in rows {
        let ky = y + padding - row * stride
        for kx in Swift.stride(from: phase, to: k, by: stride) {
          // Exact, but for sign: x + padding ≡ kx (mod stride).
          let column = (x + padding - kx + k * stride) / stride - k
          result.add(
            slot(row) + column * pixel + channel, step: pixel,
            weights: weights + (ky * k + kx) * channels + channel, wide: wide)
        }
      }
      let count = (input.width - x + stride - 1) / stride
      result.forEach(min(columnsAtOnce, count)) { column, a, b in
        let element = offset + (x + column * stride) * channels
        gradientStore(a, at: element, channel: channel, sums: &sumsA)
        if wide {
          gradientStore(b, at: element + lanes, channel: channel + lanes, sums: &sumsB)
        }
      }
    }
    sumsA.add(to: blockSums + channel, stride: channels)
    if wide { sumsB.add(to: blockSums + channel + lanes, stride: channels) }
  }

  /// Adds Σ input · gradient over a row to three neighbouring elements of the kernel's gradient.
  @inline(__always)
  private func accumulateTaps(
    _ row: Int, _ ky: Int, _ kx: Int, _ inputRow: UnsafeMutablePointer<Float>, channel: Int,
    wide: Bool
  ) {
    let (k, channels, pixel) = (shape.kernelSize, shape.channelStride, shape.pixelStride)
    let step = shape.stride * pixel
    var (a0, b0) = (Vector(), Vector())
    var (a1, b1) = (Vector(), Vector())
    var (a2, b2) = (Vector(), Vector())
    var source = UnsafePointer(inputRow) + kx * pixel + channel
    var gradient = UnsafePointer(slot(row)) + channel
    for _ in 0..<outputWidth {
      let da = load(gradient)
      a0 = fma(load(source), da, a0)
      a1 = fma(load(source + pixel), da, a1)
      a2 = fma(load(source + 2 * pixel), da, a2)
      if wide {
        let db = load(gradient + lanes)
        b0 = fma(load(source + lanes), db, b0)
        b1 = fma(load(source + pixel + lanes), db, b1)
        b2 = fma(load(source + 2 * pixel + lanes), db, b2)
      }
      source += step
      gradient += pixel
    }
    let destination = partial + (ky * k + kx) * channels + channel
    add(a0, to: destination)
    if kx + 1 < k { add(a1, to: destination + channels) }
    if kx + 2 < k { add(a2, to: destination + 2 * channels) }
    if wide {
      add(b0, to: destination + lanes)
      if kx + 1 < k { add(b1, to: destination + channels + lanes) }
      if kx + 2 < k { add(b2, to: destination + 2 * channels + lanes) }
    }
  }
}
