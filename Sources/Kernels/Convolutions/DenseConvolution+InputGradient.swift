import Common

extension DenseConvolution {
  /// Adds the input's gradient of a k×k convolution to `destination`, `[batch, H, W, stride]`.
  ///
  /// A block of rows of the output's gradient times the transposed weights is a block of patches,
  /// each of which is added to the pixels that it was taken from; patches of an image overlap, so a
  /// task has whole images. Short rather than fast: in the built-in networks only the stem is such a
  /// convolution, and it needs no gradient of its input.
  ///
  /// - Parameters:
  ///   - gradient: of the output, `[batch, height, width, outputStride]`.
  ///   - input: what `forward` read; its values are not needed.
  ///   - transposed: as `packTranspose` makes it.
  ///   - scratch: `scratchCount` floats for each worker.
  package func addInputGradient(
    _ gradient: OutputGradient, batch: Int, height: Int, width: Int, input: FeatureMap,
    transposed: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>,
    pool: ThreadPool, scratch: UnsafeMutablePointer<Float>
  ) {
    let split = WorkSplit(rows: batch, block: 1)
    pool.run(split.chunks) { chunk, worker in
      let patches = scratch + worker * scratchCount
      let tile = patches + blockRows * inputStride
      let images = split.range(of: chunk)
      let rows = images.lowerBound * height * width..<images.upperBound * height * width
      for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: blockRows) {
        let block = start..<min(start + blockRows, rows.upperBound)
        loadGradient(gradient, rows: block, columns: 0..<outputStride, into: tile)
        makePatches(rows: block.count, tile, transposed, patches)
        for row in block {
          let (image, pixel) = row.quotientAndRemainder(dividingBy: height * width)
          addPatch(
            patches + (row - start) * inputStride, image: image,
            top: pixel / width * stride - padding, left: pixel % width * stride - padding, input,
            to: destination)
        }
      }
    }
  }

  /// patches = gradients · weightsᵀ.
  @inline(__always)
  private func makePatches(
    rows: Int, _ gradients: UnsafeMutablePointer<Float>, _ transposed: UnsafePointer<Float>,
    _ patches: UnsafeMutablePointer<Float>
  ) {
    var prefetcher = Prefetcher()
    for panel in Swift.stride(from: 0, to: padded(depth), by: panelWidth) {
      let wide = padded(depth) - panel >= panelWidth
      forEachTile(
        rows: rows, Rows(start: gradients, rowStride: gradientStride, step: 1),
        Panel(
          start: transposed + panel * outputChannels, stride: wide ? panelWidth : lanes,
          wide: wide),
        count: outputChannels, &prefetcher
      ) { row, result in
        result.forEachRow(min(tileRows, rows - row)) { index, a, b in
          let destination = patches + (row + index) * inputStride + panel
          store(a, destination)
          if wide { store(b, destination + lanes) }
        }
      }
    }
  }

  /// Adds a patch to the pixels from (`top`, `left`); pixels beyond the edge are dropped.
  @inline(__always)
  private func addPatch(
    _ patch: UnsafeMutablePointer<Float>, image: Int, top: Int, left: Int, _ input: FeatureMap,
    to destination: UnsafeMutablePointer<Float>
  ) {
    for ky in max(0, -top)..<max(0, -top, min(kernelSize, input.height - top)) {
      for kx in max(0, -left)..<max(0, -left, min(kernelSize, input.width - left)) {
        let pixel = (image * input.height + top + ky) * input.width + left + kx
        let source = patch + (ky * kernelSize + kx) * inputChannels
        for c in 0..<inputChannels { destination[pixel * input.stride + c] += source[c] }
      }
    }
  }
}
