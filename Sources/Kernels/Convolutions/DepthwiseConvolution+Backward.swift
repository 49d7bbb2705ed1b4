import Common

extension DepthwiseConvolution {
  /// The gradients of the kernel and of the input.
  ///
  /// - Parameters:
  ///   - input: what `forward` read.
  ///   - gradient: of the output, `[batch, H', W', channelStride]`.
  ///   - height: H'.
  ///   - width: W'.
  ///   - partials: each chunk's share of the kernel's gradient, `[chunks, kernelSize, kernelSize,
  ///     channelStride]`.
  ///   - scratch: `scratchCount` floats for each worker.
  /// - Returns: the number of chunks in `partials` and in the sums of `inputGradient.finish`.
  package func backward(
    _ input: FeatureMap, gradient: OutputGradient, batch: Int, height: Int, width: Int,
    weights: UnsafePointer<Float>, partials: UnsafeMutablePointer<Float>,
    inputGradient: InputGradient, pool: ThreadPool, scratch: UnsafeMutablePointer<Float>
  ) -> PartialSums {
    let (bands, split) = split(batch: batch, height: input.height)
    let scratchCount = scratchCount(width: input.width)
    let streaming =
      inputGradient.addend == nil
      && streams(
        inputGradient.data, pixels: batch * input.height * input.width, stride: stride)
    let parts = parts(split, pool)
    pool.run(split.chunks * parts.parts) { task, worker in
      let (chunk, part) = task.quotientAndRemainder(dividingBy: parts.parts)
      var destination = inputGradient.part(ofChunk: chunk, stride: channelStride)
      destination.streaming = streaming
      input.activation.specialize(
        DepthwiseBackward(
          shape: self, input: input, gradient: gradient, outputHeight: height, outputWidth: width,
          weights: weights, bands: bands, tasks: split.range(of: chunk),
          channels: parts.range(of: part),
          partial: partials + chunk * weightCount, inputGradient: destination,
          scratch: scratch + worker * scratchCount))
    }
    return split.partialSums
  }
}

struct DepthwiseBackward: ActivatedKernel {
  let shape: DepthwiseConvolution
  let input: FeatureMap
  let gradient: OutputGradient
  let outputHeight: Int
  let outputWidth: Int
  let weights: UnsafePointer<Float>
  let bands: Int
  let tasks: Range<Int>
  let channels: Range<Int>
  let partial: UnsafeMutablePointer<Float>
  let inputGradient: InputGradient
  let scratch: UnsafeMutablePointer<Float>

  private var rowCount: Int { shape.rowCount(width: input.width) }

  func run<A: VectorActivation>(_ activation: A) {
    if let store = NormalizedGradientStore(
      input: input, destination: inputGradient, activation: activation)
    {
      run(activation, store)
    } else {
      run(
        activation,
        GradientStore(input: input, destination: inputGradient, activation: activation))
    }
  }

  private func run<A: VectorActivation>(_ activation: A, _ store: some GradientStoring) {
    let (k, stride) = (shape.kernelSize, shape.channelStride)
    let inputRow = scratch + k * rowCount
    let blockSums = inputRow + rowCount
    blockSums.update(repeating: 0, count: 2 * stride)
    for element in 0..<k * k {
      (partial + element * stride + channels.lowerBound)
        .update(repeating: 0, count: channels.count)
    }
    let sums = inputGradient.finish?.sums
    if let sums { clear(sums, channels, stride: stride) }
    scratch.update(repeating: 0, count: (k + 1) * rowCount)
    for task in tasks {
      let (image, band) = task.quotientAndRemainder(dividingBy: bands)
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
        var prefetcher = prefetcher(image: image, y: y, loaded: loaded)
        for channel in Swift.stride(
          from: channels.lowerBound, to: channels.upperBound, by: panelWidth)
        {
          gather(image: image, y, rows, channel: channel, store, blockSums, &prefetcher)
          accumulate(rows, bottom: bottom, inputRow, channel: channel)
        }
      }
      if let sums { flush(blockSums, into: sums, channels, stride: stride) }
    }
  }

  /// Fetches the next input row, and the gradient's rows from `loaded` on that it needs.
  @inline(__always)
  private func prefetcher(image: Int, y: Int, loaded: Int) -> Prefetcher {
    let line = input.width * shape.channelStride
    let gradientLine = outputWidth * shape.channelStride
    let offset = (image * outputHeight + loaded) * gradientLine
    let needed = (y + 1 + shape.padding) / shape.stride + 1
    let count = max(0, needed - loaded) * gradientLine
    return Prefetcher(
      .init(input.data + (image * input.height + y + 1) * line, count: line),
      .init(gradient.data + offset, count: count), .init(gradient.raw + offset, count: count),
      calls: shape.groups(width: input.width, channels))
  }

  /// Column 0 of the ring's first row; there are zeros to the left and right of the columns.
  private var ring: UnsafeMutablePointer<Float> { scratch + shape.kernelSize * shape.pixelStride }

  /// The ring's row for output row `row`, at column 0.
  @inline(__always)
  func slot(_ row: Int) -> UnsafeMutablePointer<Float> {
    ring + row % shape.kernelSize * rowCount
  }

  @inline(__always)
  private func loadGradientRow(image: Int, _ row: Int) {
    let stride = shape.channelStride
    let offset = (image * outputHeight + row) * outputWidth * stride
    let destination = slot(row)
    for x in 0..<outputWidth {
      formGradient(
        gradient, at: offset + x * stride, destination + x * shape.pixelStride, channels)
    }
  }

  @inline(__always)
  private func loadInputRow<A: VectorActivation>(
    image: Int, _ y: Int, _ row: UnsafeMutablePointer<Float>, _ activation: A
  ) {
    let stride = shape.channelStride
    let source = input.data + (image * input.height + y) * input.width * stride
    for x in 0..<input.width {
      activate(
        source + x * stride, row + (x + shape.padding) * shape.pixelStride, channels,
        affine: input.affine, activation)
    }
  }

  /// The input's gradient of a row, with unrolled taps for the usual kernels.
  @inline(__always)
  private func gather(
    image: Int, _ y: Int, _ rows: Range<Int>, channel: Int, _ store: some GradientStoring,
    _ blockSums: UnsafeMutablePointer<Float>, _ prefetcher: inout Prefetcher
  ) {
    let offset =
      (image * input.height + y) * input.width * shape.channelStride + channel
    let wide = shape.channelStride - channel >= panelWidth
    switch (shape.kernelSize, shape.stride, wide) {
    case (3, 1, true):
      gatherRow(at: offset, y, rows, FixedRow<3, 1>(), 0, channel, store, blockSums, &prefetcher)
    case (5, 1, true):
      gatherRow(at: offset, y, rows, FixedRow<5, 1>(), 0, channel, store, blockSums, &prefetcher)
    case (3, 2, true):
      gatherRow(at: offset, y, rows, FixedRow<3, 2>(), 0, channel, store, blockSums, &prefetcher)
      gatherRow(at: offset, y, rows, FixedRow<3, 2>(), 1, channel, store, blockSums, &prefetcher)
    case (5, 2, true):
      gatherRow(at: offset, y, rows, FixedRow<5, 2>(), 0, channel, store, blockSums, &prefetcher)
      gatherRow(at: offset, y, rows, FixedRow<5, 2>(), 1, channel, store, blockSums, &prefetcher)
    case (let k, let stride, let wide):
      let row = AnyRow(kernelSize: k, stride: stride, wide: wide)
      for phase in 0..<stride {
        gatherRow(at: offset, y, rows, row, phase, channel, store, blockSums, &prefetcher)
      }
    }
  }

  /// The gradient of the input columns x ≡ phase - padding (mod stride), which kernel columns kx ≡
  /// phase reach.
  private func gatherRow(
    at offset: Int, _ y: Int, _ rows: Range<Int>, _ row: some RowShape, _ phase: Int,
    _ channel: Int, _ gradientStore: some GradientStoring,
    _ blockSums: UnsafeMutablePointer<Float>, _ prefetcher: inout Prefetcher
  ) {
    let (k, stride, wide) = (row.kernelSize, row.stride, row.wide)
    let (channels, pixel, padding) = (shape.channelStride, shape.pixelStride, shape.padding)
    let start = stride == 1 ? 0 : (phase + stride * padding - padding) % stride
    // What kernel column `phase` reads for the first column.
    let firstColumn = stride == 1 ? padding : (start + padding - phase) / stride
    let firstSlot = rows.lowerBound % k
    let width = stride == 1 ? input.width : (input.width - start + stride - 1) / stride
    var (sumsA, sumsB) = (ChannelSums(), ChannelSums())
    for x in Swift.stride(from: 0, to: width, by: columnsAtOnce) {
      prefetcher.fetch()
      var result = Columns()
      var slot = firstSlot
      for row in rows {
        let taps = weights + (y + padding - row * stride) * k * channels + channel
        let source = UnsafePointer(ring) + slot * rowCount + (firstColumn + x) * pixel + channel
        if stride == 1 {
          // The last tap reads the leftmost column.
          result.addRow(
            source - (k - 1) * pixel, pixel: pixel, weights: taps + (k - 1) * channels,
            weightStep: -channels, count: k, wide: wide)
        } else {
          var tap = 0
          for kx in Swift.stride(from: phase, to: k, by: stride) {
            result.add(
              source - tap * pixel, step: pixel, weights: taps + kx * channels, wide: wide)
            tap += 1
          }
        }
        slot = slot + 1 == k ? 0 : slot + 1
      }
      // The factors are loaded here, because registers are few. Written out: through `forEach`,
      // backward passes at stride 2 took a fifth longer.
      let storeA = gradientStore.column(channel)
      let columns = min(columnsAtOnce, width - x)
      var element = offset + (start + x * stride) * channels
      let next = stride * channels
      storeA(result.a0, at: element, sums: &sumsA)
      if columns > 1 {
        storeA(result.a1, at: element + next, sums: &sumsA)
      }
      if columns > 2 {
        storeA(result.a2, at: element + 2 * next, sums: &sumsA)
      }
      if columns > 3 {
        storeA(result.a3, at: element + 3 * next, sums: &sumsA)
      }
      guard wide else { continue }
      let storeB = gradientStore.column(channel + lanes)
      element += lanes
      storeB(result.b0, at: element, sums: &sumsB)
      if columns > 1 {
        storeB(result.b1, at: element + next, sums: &sumsB)
      }
      if columns > 2 {
        storeB(result.b2, at: element + 2 * next, sums: &sumsB)
      }
      if columns > 3 {
        storeB(result.b3, at: element + 3 * next, sums: &sumsB)
      }
    }
    sumsA.add(to: blockSums + channel, stride: channels)
    if wide { sumsB.add(to: blockSums + channel + lanes, stride: channels) }
  }
}
