/// A convolution over all channels (1×1, or the stem's k×k) as a matrix product over pixels:
/// output[M, N] = input[M, K] · weights[K, N], M = batch · output pixels, K = kernel area · input
/// channels.
///
/// Work goes through blocks of rows. Forward: a block of activated input (row-major, in L1 or L2)
/// times panels of 16 columns of the weights; the accumulators are stored once, and the batch
/// statistics' sums come out of the same registers. Backward: a block of the output's gradient and
/// one of activated input are made once, and from both, still cached, come the weights' gradient
/// (inputᵀ · gradient) and the input's (gradient · weightsᵀ), whose store takes it through the
/// input's activation and sums Σdz and Σdz·x̂. Memory traffic per output element for a step: 4
/// bytes written and 8 read (raw, dz) here; per input element 4 read forward, 4 read and 4 written
/// backward.
package struct DenseConvolution: Sendable, Equatable {
  package let inputChannels: Int
  package let outputChannels: Int
  package let kernelSize: Int
  package let stride: Int
  package let padding: Int

  package init(
    inputChannels: Int, outputChannels: Int, kernelSize: Int = 1, stride: Int = 1, padding: Int = 0
  ) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  /// K: input floats per output.
  package var depth: Int { kernelSize * kernelSize * inputChannels }
  /// N, padded.
  package var outputStride: Int { padded(outputChannels) }
  /// Floats of the weights: `[depth, outputStride]`, depth = (row, column, channel) of the kernel;
  /// padded columns are 0.
  package var weightCount: Int { depth * outputStride }
  /// Floats of the packed weights that `forward` reads.
  package var packedCount: Int { depth * outputStride }
  /// Floats of the packed transposed weights that `backward` reads.
  package var packedTransposeCount: Int { outputChannels * padded(depth) }

  /// The rows of a block, chosen to keep its operands in half of a small L2 cache.
  var blockRows: Int {
    let fitting = 40_960 / (roundedToEight(depth) + roundedToEight(outputChannels))
    return max(24, min(96, fitting / tileRows * tileRows))
  }
  /// Floats per row of an input block; an odd number of cache lines, so that columns do not
  /// collide.
  var inputStride: Int { (padded(depth) + 15) / 32 * 32 + 16 }
  /// The same for a block of the output's gradient.
  var gradientStride: Int { (outputStride + 15) / 32 * 32 + 16 }

  package var scratchCount: Int {
    blockRows * (inputStride + gradientStride) + 2 * max(padded(depth), outputStride)
  }

  func forwardSplit(rows: Int) -> WorkSplit { WorkSplit(rows: rows, block: blockRows) }

  func backwardSplit(rows: Int) -> WorkSplit {
    WorkSplit(rows: rows, block: blockRows, most: mostBackwardChunks(rows: rows))
  }

  /// The fewest columns of a task: it loads a whole tile for them.
  var leastColumns: Int { 128 }

  /// The most partial weight gradients that `backward` produces for up to `rows` output pixels:
  /// each is as large as the weights, so wide layers get fewer.
  func mostBackwardChunks(rows: Int) -> Int {
    let byMemory = max(8, (16 << 20) / (depth * roundedToEight(outputChannels)))
    let byRows = max(1, rows / 192)
    return min(WorkSplit.mostChunks, byMemory, byRows)
  }

  /// Floats of `partials` that `backward` needs for up to `rows` output pixels.
  package func partialCount(rows: Int) -> Int { mostBackwardChunks(rows: rows) * weightCount }

  /// Packs weights `[depth, outputStride]` for `forward`: panels of 16 columns (the last may have
  /// 8), each `[depth, width]`.
  package func pack(
    _ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>
  ) {
    packPanels(rows: depth, columns: outputStride, packed) { row, column in
      load(weights + row * outputStride + column)
    }
  }

  /// Packs the transposed weights for `backward`: panels of 16 input columns, each
  /// `[outputChannels, width]`.
  package func packTranspose(
    _ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>
  ) {
    packPanels(rows: outputChannels, columns: padded(depth), packed) { row, column in
      var vector = Vector()
      for lane in 0..<min(lanes, depth - column) {
        vector[lane] = weights[(column + lane) * outputStride + row]
      }
      return vector
    }
  }

  @inline(__always)
  private func packPanels(
    rows: Int, columns: Int, _ packed: UnsafeMutablePointer<Float>, _ read: (Int, Int) -> Vector
  ) {
    for panel in Swift.stride(from: 0, to: columns, by: panelWidth) {
      let width = min(panelWidth, columns - panel)
      let start = packed + panel * rows
      for row in 0..<rows {
        for column in Swift.stride(from: 0, to: width, by: lanes) {
          store(read(row, panel + column), start + row * width + column)
        }
      }
    }
  }
}
