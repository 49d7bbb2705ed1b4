import CProcessor
import Common
import Networks

extension DenseConvolution {
  /// Convolves `batch` images.
  ///
  /// - Parameters:
  ///   - input: `[batch, H, W, C]`, activated while it is read.
  ///   - weights: as `pack` makes them.
  ///   - output: `[batch, H', W', outputStride]` raw results.
  ///   - sums: Σy then Σy² of each chunk, `[chunks, 2, outputStride]`; nil if they are not wanted.
  ///   - scratch: `scratchCount` floats for each worker.
  /// - Returns: the number of chunks in `sums`.
  package func forward(
    _ input: FeatureMap, batch: Int, weights: UnsafePointer<Float>,
    output: FeatureMap, sums: UnsafeMutablePointer<Double>?, pool: ThreadPool,
    scratch: UnsafeMutablePointer<Float>
  ) -> PartialSums {
    let split = forwardSplit(rows: batch * output.height * output.width)
    let streaming = isStreamed(output.data, pixels: split.rows, stride: outputStride)
    let columns = ChannelSplit(
      channels: outputStride, least: leastColumns, chunks: split.chunks, threads: pool.threads)
    pool.run(split.chunks * columns.parts) { task, worker in
      let (chunk, part) = task.quotientAndRemainder(dividingBy: columns.parts)
      input.activation.specialize(
        DenseForward(
          shape: self, input: input, output: output, weights: weights, streaming: streaming,
          rows: split.range(of: chunk), columns: columns.range(of: part),
          sums: sums.map { $0 + chunk * 2 * outputStride },
          scratch: scratch + worker * scratchCount))
    }
    return split.partialSums
  }

  /// Fills `tile` with the activated inputs of output pixels `rows`, `inputStride` floats each,
  /// padded with zeros to a whole number of product rows.
  @inline(__always)
  func loadInput<A: VectorActivation>(
    _ input: FeatureMap, outputHeight: Int, outputWidth: Int, rows: Range<Int>,
    into tile: UnsafeMutablePointer<Float>, _ activation: A
  ) {
    let ld = inputStride
    // An image's pixels of three floats are not whole vectors.
    if kernelSize == 1 && stride == 1 && input.stride % lanes == 0 {
      for row in rows {
        activate(
          input.data + row * input.stride, tile + (row - rows.lowerBound) * ld, 0..<input.stride,
          affine: input.affine, activation)
      }
    } else {
      let pixels = outputHeight * outputWidth
      var image = rows.lowerBound / pixels
      var (y, x) = (rows.lowerBound % pixels).quotientAndRemainder(dividingBy: outputWidth)
      for row in rows {
        loadPatch(
          input, image: image, top: y * stride - padding, left: x * stride - padding,
          into: tile + (row - rows.lowerBound) * ld, activation)
        x += 1
        if x == outputWidth { (x, y) = (0, y + 1) }
        if y == outputHeight { (y, image) = (0, image + 1) }
      }
    }
    let filled = rows.count
    let whole = (filled + tileRows - 1) / tileRows * tileRows
    (tile + filled * ld).update(repeating: 0, count: (whole - filled) * ld)
  }

  /// Fetches the input of the block after `block` during the product of `columns` columns.
  @inline(__always)
  func prefetcher(_ input: FeatureMap, after block: Range<Int>, columns: Int) -> Prefetcher {
    Prefetcher(
      run(input, after: block),
      calls: fetchCalls(rows: blockRows, columns: columns, steps: depth))
  }

  /// The input of the block after `block`; nil if its pixels are not contiguous.
  @inline(__always)
  func run(_ input: FeatureMap, after block: Range<Int>) -> Prefetcher.Run? {
    guard kernelSize == 1, stride == 1 else { return nil }
    return Prefetcher.Run(
      input.data + block.upperBound * input.stride, count: blockRows * input.stride)
  }

  /// The inputs of one output pixel by kernel row; zeros beyond the edge.
  @inline(__always)
  private func loadPatch<A: VectorActivation>(
    _ input: FeatureMap, image: Int, top: Int, left: Int, into row: UnsafeMutablePointer<Float>,
    _ activation: A
  ) {
    let channels = inputChannels
    let isGapless = input.stride == channels && input.affine == nil
    if isGapless && top >= 0 && left >= 0 && top + kernelSize <= input.height
      && left + kernelSize <= input.width
    {
      // Inside the image, each kernel row is one contiguous run. The next output row's new lines are
      // fetched.
      let (run, line) = (kernelSize * channels, input.width * channels)
      let source = input.data + ((image * input.height + top) * input.width + left) * channels
      for ky in 0..<stride { prefetch_line(source + (kernelSize + ky) * line) }
      for ky in 0..<kernelSize {
        activateRun(source + ky * line, row + ky * run, count: run, activation)
      }
      return
    }
    let columns = max(0, -left)..<min(kernelSize, input.width - left)
    for ky in 0..<kernelSize {
      let destination = row + ky * kernelSize * channels
      let y = top + ky
      guard y >= 0, y < input.height else {
        zero(destination, count: kernelSize * channels)
        continue
      }
      zero(destination, count: columns.lowerBound * channels)
      zero(
        destination + columns.upperBound * channels,
        count: (kernelSize - columns.upperBound) * channels)
      let source =
        input.data
        + ((image * input.height + y) * input.width + left + columns.lowerBound) * input.stride
      let start = destination + columns.lowerBound * channels
      if isGapless {
        // An image's pixels are contiguous.
        activateRun(source, start, count: columns.count * channels, activation)
      } else if kernelSize == 1 {
        activate(source, start, 0..<input.stride, affine: input.affine, activation)
      } else {
        for column in 0..<columns.count {
          for c in 0..<channels {
            var z = Vector(repeating: source[column * input.stride + c])
            if let affine = input.affine {
              z = fma(z, Vector(repeating: affine.scale[c]), Vector(repeating: affine.shift[c]))
            }
            start[column * channels + c] = activation(z)[0]
          }
        }
      }
    }
  }

  /// Activates any number of floats without touching others: the last vector overlaps the previous
  /// one.
  @inline(__always)
  private func activateRun<A: VectorActivation>(
    _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>, count: Int,
    _ activation: A
  ) {
    if A.self == Identity.self && (8..<lanes).contains(count) {
      copyEight(source, destination)
      copyEight(source + count - 8, destination + count - 8)
      return
    }
    guard count >= lanes else {
      for index in 0..<count {
        destination[index] = activation(Vector(repeating: source[index]))[0]
      }
      return
    }
    for index in Swift.stride(from: 0, to: count - lanes, by: lanes) {
      store(activation(load(source + index)), destination + index)
    }
    store(activation(load(source + count - lanes)), destination + count - lanes)
  }

  @inline(__always)
  private func copyEight(
    _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>
  ) {
    UnsafeMutableRawPointer(destination).storeBytes(
      of: UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self), as: SIMD8<Float>.self)
  }

  /// Clears a short run inline; a function call would take longer.
  @inline(__always)
  private func zero(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
    for index in 0..<count { pointer[index] = 0 }
  }
}

private struct DenseForward: ActivatedKernel {
  let shape: DenseConvolution
  let input: FeatureMap
  let output: FeatureMap
  let weights: UnsafePointer<Float>
  let streaming: Bool
  let rows: Range<Int>
  let columns: Range<Int>
  let sums: UnsafeMutablePointer<Double>?
  let scratch: UnsafeMutablePointer<Float>

  func run<A: VectorActivation>(_ activation: A) {
    let stride = shape.outputStride
    let tile = scratch
    let blockSums = scratch + shape.blockRows * shape.inputStride
    blockSums.update(repeating: 0, count: 2 * stride)
    if let sums { clear(sums, columns, stride: stride) }
    for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: shape.blockRows) {
      let block = start..<min(start + shape.blockRows, rows.upperBound)
      shape.loadInput(
        input, outputHeight: output.height, outputWidth: output.width, rows: block, into: tile,
        activation)
      var prefetcher = shape.prefetcher(input, after: block, columns: columns.count)
      for panel in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: panelWidth) {
        multiply(block, panel: panel, tile: tile, blockSums, &prefetcher)
      }
      if let sums { flush(blockSums, into: sums, columns, stride: stride) }
    }
  }

  /// One panel of columns for all rows of a block.
  @inline(__always)
  private func multiply(
    _ block: Range<Int>, panel: Int, tile: UnsafeMutablePointer<Float>,
    _ blockSums: UnsafeMutablePointer<Float>, _ prefetcher: inout Prefetcher
  ) {
    let columns = shape.outputStride
    let wide = columns - panel >= panelWidth
    let panelWeights = Panel(
      start: weights + panel * shape.depth, stride: wide ? panelWidth : lanes, wide: wide)
    let destination = output.data + block.lowerBound * columns + panel
    forEachTile(
      rows: block.count, Rows(start: tile, rowStride: shape.inputStride, step: 1), panelWeights,
      count: shape.depth, &prefetcher
    ) { row, result in
      let destination = destination + row * columns
      var (sumsA, sumsB) = (ChannelSums(), ChannelSums())
      // Rows past the block's end are products of zeros: they add nothing.
      result.forEachRow(min(tileRows, block.count - row)) { index, a, b in
        store(a, destination + index * columns, streaming: streaming)
        sumsA.add(a, times: a)
        if wide {
          store(b, destination + index * columns + lanes, streaming: streaming)
          sumsB.add(b, times: b)
        }
      }
      if sums != nil {
        sumsA.add(to: blockSums + panel, stride: columns)
        if wide { sumsB.add(to: blockSums + panel + lanes, stride: columns) }
      }
    }
  }
}
