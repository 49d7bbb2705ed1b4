import Common

extension DepthwiseConvolution {
  /// Convolves `batch` images.
  ///
  /// - Parameters:
  ///   - input: `[batch, H, W, channelStride]`, activated while it is read.
  ///   - weights: `[kernelSize, kernelSize, channelStride]`.
  ///   - output: `[batch, H', W', channelStride]` raw results.
  ///   - sums: Σy then Σy² of each chunk, `[chunks, 2, channelStride]`; nil if they are not wanted.
  ///   - scratch: `scratchCount` floats for each worker.
  /// - Returns: the number of chunks in `sums`.
  package func forward(
    _ input: FeatureMap, batch: Int, weights: UnsafePointer<Float>, output: FeatureMap,
    sums: UnsafeMutablePointer<Double>?, pool: ThreadPool, scratch: UnsafeMutablePointer<Float>
  ) -> PartialSums {
    let (bands, split) = split(batch: batch, height: output.height)
    let scratchCount = scratchCount(width: input.width)
    let streaming = streams(
      output.data, pixels: batch * output.height * output.width, stride: 1)
    let parts = parts(split, pool)
    pool.run(split.chunks * parts.parts) { task, worker in
      let (chunk, part) = task.quotientAndRemainder(dividingBy: parts.parts)
      input.activation.specialize(
        DepthwiseForward(
          shape: self, input: input, output: output, weights: weights, streaming: streaming,
          bands: bands, tasks: split.range(of: chunk), channels: parts.range(of: part),
          sums: sums.map { $0 + chunk * 2 * channelStride },
          scratch: scratch + worker * scratchCount))
    }
    return split.partialSums
  }
}

private struct DepthwiseForward: ActivatedKernel {
  let shape: DepthwiseConvolution
  let input: FeatureMap
  let output: FeatureMap
  let weights: UnsafePointer<Float>
  let streaming: Bool
  let bands: Int
  let tasks: Range<Int>
  let channels: Range<Int>
  let sums: UnsafeMutablePointer<Double>?
  let scratch: UnsafeMutablePointer<Float>

  private var rowCount: Int { shape.rowCount(width: input.width) }

  func run<A: VectorActivation>(_ activation: A) {
    let stride = shape.channelStride
    let blockSums = scratch + (shape.kernelSize + 1) * rowCount
    blockSums.update(repeating: 0, count: 2 * stride)
    if let sums { clear(sums, channels, stride: stride) }
    // The zero columns on both sides are written once.
    scratch.update(repeating: 0, count: shape.kernelSize * rowCount)
    for task in tasks {
      let (image, band) = task.quotientAndRemainder(dividingBy: bands)
      var loaded = 0
      for y in bandRange(band, of: bands, height: output.height) {
        let top = y * shape.stride - shape.padding
        for row in max(loaded, max(0, top))..<max(loaded, min(input.height, top + shape.kernelSize))
        {
          loadRow(image: image, row, activation)
        }
        loaded = max(loaded, min(input.height, top + shape.kernelSize))
        var prefetcher = prefetcher(image: image, row: loaded)
        for channel in Swift.stride(
          from: channels.lowerBound, to: channels.upperBound, by: panelWidth)
        {
          let wide = stride - channel >= panelWidth
          switch (shape.kernelSize, shape.stride, wide) {
          case (3, 1, true):
            convolveRow(image, y, channel, FixedRow<3, 1>(), blockSums, &prefetcher)
          case (3, 2, true):
            convolveRow(image, y, channel, FixedRow<3, 2>(), blockSums, &prefetcher)
          case (5, 1, true):
            convolveRow(image, y, channel, FixedRow<5, 1>(), blockSums, &prefetcher)
          case (5, 2, true):
            convolveRow(image, y, channel, FixedRow<5, 2>(), blockSums, &prefetcher)
          case (let k, let step, let wide):
            let row = AnyRow(kernelSize: k, stride: step, wide: wide)
            convolveRow(image, y, channel, row, blockSums, &prefetcher)
          }
        }
      }
      if let sums { flush(blockSums, into: sums, channels, stride: stride) }
    }
  }

  @inline(__always)
  private func slot(_ row: Int) -> UnsafeMutablePointer<Float> {
    scratch + row % shape.kernelSize * rowCount
  }

  /// Fetches `row`, but not at stride 2: that computes too little per row to hide it, and was slower.
  @inline(__always)
  private func prefetcher(image: Int, row: Int) -> Prefetcher {
    guard shape.stride == 1 else { return Prefetcher() }
    let line = input.width * shape.channelStride
    return Prefetcher(
      .init(input.data + (image * input.height + row) * line, count: line),
      calls: shape.groups(width: output.width, channels))
  }

  @inline(__always)
  private func loadRow<A: VectorActivation>(image: Int, _ row: Int, _ activation: A) {
    let stride = shape.channelStride
    let source = input.data + (image * input.height + row) * input.width * stride
    let destination = slot(row) + shape.padding * shape.pixelStride
    for x in 0..<input.width {
      activate(
        source + x * stride, destination + x * shape.pixelStride, channels,
        affine: input.affine, activation)
    }
  }

  /// Sixteen channels (eight if not `wide`) of one output row.
  private func convolveRow(
    _ image: Int, _ y: Int, _ channel: Int, _ row: some RowShape,
    _ blockSums: UnsafeMutablePointer<Float>, _ prefetcher: inout Prefetcher
  ) {
    let (k, stride, wide) = (row.kernelSize, row.stride, row.wide)
    let (channels, pixel) = (shape.channelStride, shape.pixelStride)
    let destination =
      output.data + (image * output.height + y) * output.width * channels + channel
    let top = y * stride - shape.padding
    let rows = max(0, -top)..<min(k, input.height - top)
    let firstSlot = (top + rows.lowerBound) % k
    var (sumsA, sumsB) = (ChannelSums(), ChannelSums())
    for x in Swift.stride(from: 0, to: output.width, by: columnsAtOnce) {
      prefetcher.fetch()
      var result = Columns()
      var slot = firstSlot
      for ky in rows {
        let source = UnsafePointer(scratch) + slot * rowCount + x * stride * pixel + channel
        let taps = weights + ky * k * channels + channel
        if stride == 1 {
          result.addRow(
            source, pixel: pixel, weights: taps, weightStep: channels, count: k, wide: wide)
        } else {
          for kx in 0..<k {
            result.add(
              source + kx * pixel, step: stride * pixel, weights: taps + kx * channels, wide: wide)
          }
        }
        slot = slot + 1 == k ? 0 : slot + 1
      }
      result.forEach(min(columnsAtOnce, output.width - x)) { column, a, b in
        let pointer = destination + (x + column) * channels
        store(a, pointer, streaming: streaming)
        sumsA.add(a, times: a)
        if wide {
          store(b, pointer + lanes, streaming: streaming)
          sumsB.add(b, times: b)
        }
      }
    }
    guard sums != nil else { return }
    sumsA.add(to: blockSums + channel, stride: channels)
    if wide { sumsB.add(to: blockSums + channel + lanes, stride: channels) }
  }
}
