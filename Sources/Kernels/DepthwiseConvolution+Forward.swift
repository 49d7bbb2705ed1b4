extension DepthwiseConvolution {
  /// Convolves `batch` images.
  ///
  /// - Parameters:
  ///   - input: `[batch, H, W, channelStride]`, activated while it is read.
  ///   - weights: `[kernelSize, kernelSize, channelStride]`.
  ///   - output: `[batch, H', W', channelStride]` raw results.
  ///   - sums: Σy then Σy² for each chunk of `split(batch:height: H')`, `[chunks, 2,
  ///     channelStride]`; nil: not wanted.
  ///   - scratch: `scratchCount` floats for each worker.
  public func forward(
    _ input: FeatureMap, batch: Int, weights: UnsafePointer<Float>, output: FeatureMap,
    sums: UnsafeMutablePointer<Double>?, pool: ThreadPool, scratch: UnsafeMutablePointer<Float>
  ) {
    let (bands, split) = split(batch: batch, height: output.height)
    let scratchCount = scratchCount(width: input.width)
    pool.run(split.chunks) { chunk, worker in
      input.activation.specialise(
        DepthwiseForward(
          shape: self, input: input, output: output, weights: weights, bands: bands,
          units: split.range(of: chunk), sums: sums.map { $0 + chunk * 2 * channelStride },
          scratch: scratch + worker * scratchCount))
    }
  }
}

private struct DepthwiseForward: ActivatedKernel {
  let shape: DepthwiseConvolution
  let input: FeatureMap
  let output: FeatureMap
  let weights: UnsafePointer<Float>
  let bands: Int
  let units: Range<Int>
  let sums: UnsafeMutablePointer<Double>?
  let scratch: UnsafeMutablePointer<Float>

  private var rowCount: Int { shape.rowCount(width: input.width) }

  func run<A: ActivationFunction>(_ activation: A) {
    let channels = shape.channelStride
    let blockSums = scratch + (shape.kernelSize + 1) * rowCount
    blockSums.update(repeating: 0, count: 2 * channels)
    sums?.update(repeating: 0, count: 2 * channels)
    // The columns of zeros on both sides are written once and stay.
    scratch.update(repeating: 0, count: shape.kernelSize * rowCount)
    for unit in units {
      let (image, band) = unit.quotientAndRemainder(dividingBy: bands)
      var loaded = 0
      for y in bandRange(band, of: bands, height: output.height) {
        let top = y * shape.stride - shape.padding
        for row in max(loaded, max(0, top))..<max(loaded, min(input.height, top + shape.kernelSize))
        {
          loadRow(image: image, row, activation)
        }
        loaded = max(loaded, min(input.height, top + shape.kernelSize))
        for channel in Swift.stride(from: 0, to: channels, by: panelWidth) {
          convolveRow(
            image: image, y, top: top, channel: channel, wide: channels - channel >= panelWidth,
            blockSums)
        }
      }
      if let sums { flush(blockSums, into: sums, count: 2 * channels) }
    }
  }

  @inline(__always)
  private func slot(_ row: Int) -> UnsafeMutablePointer<Float> {
    scratch + row % shape.kernelSize * rowCount
  }

  @inline(__always)
  private func loadRow<A: ActivationFunction>(image: Int, _ row: Int, _ activation: A) {
    let channels = shape.channelStride
    let source = input.data + (image * input.height + row) * input.width * channels
    let destination = slot(row) + shape.padding * shape.pixelStride
    for x in 0..<input.width {
      activate(
        source + x * channels, destination + x * shape.pixelStride, count: channels,
        affine: input.affine, activation)
    }
  }

  /// Sixteen channels (eight if not `wide`) of one output row.
  @inline(__always)
  private func convolveRow(
    image: Int, _ y: Int, top: Int, channel: Int, wide: Bool,
    _ blockSums: UnsafeMutablePointer<Float>
  ) {
    let (k, channels, pixel) = (shape.kernelSize, shape.channelStride, shape.pixelStride)
    let destination =
      output.data + (image * output.height + y) * output.width * channels + channel
    let step = shape.stride * pixel
    let rows = max(0, -top)..<min(k, input.height - top)
    var (sumA, sumB) = (Vector(), Vector())
    var (squareA, squareB) = (Vector(), Vector())
    for x in Swift.stride(from: 0, to: output.width, by: columnsAtOnce) {
      var result = Columns()
      for ky in rows {
        let source = slot(top + ky) + x * step + channel
        for kx in 0..<k {
          result.add(
            source + kx * pixel, step: step, weights: weights + (ky * k + kx) * channels + channel,
            wide: wide)
        }
      }
      result.forEach(min(columnsAtOnce, output.width - x)) { column, a, b in
        let pointer = destination + (x + column) * channels
        store(a, pointer)
        sumA += a
        squareA = fma(a, a, squareA)
        if wide {
          store(b, pointer + lanes)
          sumB += b
          squareB = fma(b, b, squareB)
        }
      }
    }
    guard sums != nil else { return }
    add(sumA, to: blockSums + channel)
    add(squareA, to: blockSums + channels + channel)
    if wide {
      add(sumB, to: blockSums + channel + lanes)
      add(squareB, to: blockSums + channels + channel + lanes)
    }
  }
}
