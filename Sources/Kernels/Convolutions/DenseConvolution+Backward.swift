import Common

extension DenseConvolution {
  /// The gradients of the weights and, optionally, of the input.
  ///
  /// - Parameters:
  ///   - input: what `forward` read.
  ///   - gradient: of the output, `[batch, H', W', outputStride]`.
  ///   - height: H'.
  ///   - width: W'.
  ///   - transposed: as `packTranspose` makes it; read only for an `inputGradient`.
  ///   - partials: each chunk's share of the weights' gradient, `[chunks, depth, outputStride]`.
  ///   - inputGradient: nil for a network's first layer. If `stride` > 1, only the pixels that
  ///     the convolution read are written, and `finish` must be nil.
  ///   - scratch: `scratchCount` floats for each worker.
  /// - Returns: the number of chunks in `partials` and in the sums of `inputGradient.finish`.
  package func backward(
    _ input: FeatureMap, gradient: OutputGradient, batch: Int, height: Int, width: Int,
    transposed: UnsafePointer<Float>, partials: UnsafeMutablePointer<Float>,
    inputGradient: InputGradient?, pool: ThreadPool, scratch: UnsafeMutablePointer<Float>
  ) -> PartialSums {
    let split = backwardSplit(rows: batch * height * width)
    let streaming = inputGradient.map {
      $0.addend == nil
        && isStreamed($0.data, pixels: batch * input.height * input.width, stride: input.stride)
    }
    // Few chunks are split: into tasks for the weights' gradient, each for some of the output's
    // channels, and tasks for the input's gradient, each for some of the input's channels.
    let outputs = ChannelSplit(
      channels: outputStride, least: leastColumns, chunks: split.chunks, threads: pool.threads)
    let inputs = ChannelSplit(
      channels: padded(depth), least: leastColumns, chunks: split.chunks, threads: pool.threads)
    let isSplit = outputs.parts > 1 || inputs.parts > 1
    let inputParts = isSplit && inputGradient != nil ? inputs.parts : 0
    let parts = isSplit ? outputs.parts + inputParts : 1
    pool.run(split.chunks * parts) { task, worker in
      let (chunk, part) = task.quotientAndRemainder(dividingBy: parts)
      let isForWeights = part < outputs.parts
      let outputColumns = isForWeights ? outputs.range(of: part) : 0..<0
      let inputColumns =
        !isSplit ? 0..<padded(depth) : isForWeights ? 0..<0 : inputs.range(of: part - outputs.parts)
      var destination = inputGradient?.part(ofChunk: chunk, stride: input.stride)
      destination?.streaming = streaming ?? false
      input.activation.specialize(
        DenseBackward(
          shape: self, input: input, gradient: gradient, outputHeight: height, outputWidth: width,
          transposed: transposed, rows: split.range(of: chunk), outputColumns: outputColumns,
          inputColumns: inputColumns,
          partial: partials + chunk * weightCount, inputGradient: destination,
          scratch: scratch + worker * scratchCount))
    }
    return split.partialSums
  }

  /// Fills `tile` with the output's gradient at output pixels `rows`, `gradientStride` floats each,
  /// and zeros up to a whole number of product rows; only `columns` are filled.
  @inline(__always)
  func loadGradient(
    _ gradient: OutputGradient, rows: Range<Int>, columns: Range<Int>,
    into tile: UnsafeMutablePointer<Float>
  ) {
    for row in rows {
      formGradient(
        gradient, at: row * outputStride,
        tile + (row - rows.lowerBound) * gradientStride, columns)
    }
    let whole = (rows.count + tileRows - 1) / tileRows * tileRows
    (tile + rows.count * gradientStride).update(
      repeating: 0, count: (whole - rows.count) * gradientStride)
  }
}

private struct DenseBackward: ActivatedKernel {
  let shape: DenseConvolution
  let input: FeatureMap
  let gradient: OutputGradient
  let outputHeight: Int
  let outputWidth: Int
  let transposed: UnsafePointer<Float>
  let rows: Range<Int>
  /// The output's channels for which the weights' gradient is computed.
  let outputColumns: Range<Int>
  /// The input's channels whose gradient is computed.
  let inputColumns: Range<Int>
  let partial: UnsafeMutablePointer<Float>
  let inputGradient: InputGradient?
  let scratch: UnsafeMutablePointer<Float>

  func run<A: VectorActivation>(_ activation: A) {
    if let store = NormalizedGradientStore(
      input: input, destination: inputGradient, activation: activation)
    {
      run(activation, store)
    } else {
      run(
        activation,
        inputGradient.map { GradientStore(input: input, destination: $0, activation: activation) })
    }
  }

  private func run<A: VectorActivation>(_ activation: A, _ store: (some GradientStoring)?) {
    let inputTile = scratch
    let gradientTile = inputTile + shape.blockRows * shape.inputStride
    let blockSums = gradientTile + shape.blockRows * shape.gradientStride
    let sums = inputGradient?.finish?.sums
    blockSums.update(repeating: 0, count: 2 * padded(shape.depth))
    if let sums { clear(sums, inputColumns, stride: input.stride) }
    let gradientColumns = inputColumns.isEmpty ? outputColumns : 0..<shape.outputStride
    for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: shape.blockRows) {
      let block = start..<min(start + shape.blockRows, rows.upperBound)
      if !outputColumns.isEmpty {
        shape.loadInput(
          input, outputHeight: outputHeight, outputWidth: outputWidth, rows: block,
          into: inputTile, activation)
      }
      shape.loadGradient(gradient, rows: block, columns: gradientColumns, into: gradientTile)
      var prefetcher = prefetcher(after: block)
      weightGradient(
        count: block.count, inputTile, gradientTile, accumulate: start > rows.lowerBound,
        &prefetcher)
      if let store {
        for panel in Swift.stride(
          from: inputColumns.lowerBound, to: inputColumns.upperBound, by: panelWidth)
        {
          multiply(block, panel: panel, gradientTile, store, blockSums, &prefetcher)
        }
      }
      if let sums { flush(blockSums, into: sums, inputColumns, stride: input.stride) }
    }
  }

  /// Fetches the input and the gradient of the block after `block`.
  @inline(__always)
  private func prefetcher(after block: Range<Int>) -> Prefetcher {
    let rows = shape.blockRows
    let (offset, count) = (block.upperBound * shape.outputStride, rows * shape.outputStride)
    let weightCalls = fetchCalls(rows: shape.depth, columns: outputColumns.count, steps: rows)
    let inputCalls = fetchCalls(
      rows: rows, columns: inputColumns.count, steps: shape.outputChannels)
    return Prefetcher(
      shape.run(input, after: block), .init(gradient.data + offset, count: count),
      .init(gradient.raw + offset, count: count),
      calls: weightCalls + (inputGradient == nil ? 0 : inputCalls))
  }

  /// partial[K, N] += inputᵀ · gradient over the block's rows; a panel of the gradient stays in L1.
  @inline(__always)
  private func weightGradient(
    count: Int, _ inputTile: UnsafeMutablePointer<Float>,
    _ gradientTile: UnsafeMutablePointer<Float>, accumulate: Bool,
    _ prefetcher: inout Prefetcher
  ) {
    let (depth, columns) = (shape.depth, shape.outputStride)
    for panel in Swift.stride(
      from: outputColumns.lowerBound, to: outputColumns.upperBound, by: panelWidth)
    {
      let wide = columns - panel >= panelWidth
      forEachTile(
        rows: depth, Rows(start: inputTile, rowStride: 1, step: shape.inputStride),
        Panel(start: gradientTile + panel, stride: shape.gradientStride, wide: wide),
        count: count, &prefetcher
      ) { k, result in
        let destination = partial + k * columns + panel
        result.forEachRow(min(tileRows, depth - k)) { index, a, b in
          let row = destination + index * columns
          store(accumulate ? load(row) + a : a, row)
          if wide { store(accumulate ? load(row + lanes) + b : b, row + lanes) }
        }
      }
    }
  }

  /// One panel of input columns: gradient · weightsᵀ, stored as the input's gradient.
  @inline(__always)
  private func multiply(
    _ block: Range<Int>, panel: Int, _ gradientTile: UnsafeMutablePointer<Float>,
    _ gradientStore: some GradientStoring, _ sums: UnsafeMutablePointer<Float>,
    _ prefetcher: inout Prefetcher
  ) {
    let wide = padded(shape.depth) - panel >= panelWidth
    let storeA = gradientStore.column(panel)
    let storeB = gradientStore.column(wide ? panel + lanes : panel)
    forEachTile(
      rows: block.count, Rows(start: gradientTile, rowStride: shape.gradientStride, step: 1),
      Panel(
        start: transposed + panel * shape.outputChannels, stride: wide ? panelWidth : lanes,
        wide: wide),
      count: shape.outputChannels, &prefetcher
    ) { row, result in
      var (sumsA, sumsB) = (ChannelSums(), ChannelSums())
      result.forEachRow(min(tileRows, block.count - row)) { index, a, b in
        let offset = inputOffset(block.lowerBound + row + index) + panel
        storeA(a, at: offset, sums: &sumsA)
        if wide { storeB(b, at: offset + lanes, sums: &sumsB) }
      }
      sumsA.add(to: sums + panel, stride: input.stride)
      if wide { sumsB.add(to: sums + panel + lanes, stride: input.stride) }
    }
  }

  /// The offset of an output row's input pixel.
  @inline(__always)
  private func inputOffset(_ row: Int) -> Int {
    guard shape.stride > 1 else { return row * input.stride }
    let (image, pixel) = row.quotientAndRemainder(dividingBy: outputHeight * outputWidth)
    let (y, x) = pixel.quotientAndRemainder(dividingBy: outputWidth)
    return ((image * input.height + y * shape.stride) * input.width + x * shape.stride)
      * input.stride
  }
}
