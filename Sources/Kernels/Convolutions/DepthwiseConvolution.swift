/// A depthwise convolution: each channel by itself, k×k, any stride.
///
/// Work goes through bands of rows of single images. Forward: activated input rows pass through a
/// ring of k rows (in L2); 16 channels of 4 output columns at a time sit in registers, an element
/// of the kernel is loaded once for four columns, at stride 1 an element of the input once for
/// three taps. Backward: the ring holds rows of the output's gradient, formed once each; for every
/// input row come the input's gradient (a gather over the taps, one phase of columns for each
/// residue of the stride) and the kernel's (at 3×3 and stride 1 all nine elements in one pass).
/// While a row is computed, the next one is fetched into L2.
/// Memory traffic per output element for a step: 4 bytes written and 8 read; per input element 4
/// read forward, 4 read and 4 written backward.
package struct DepthwiseConvolution: Sendable, Equatable {
  package let channels: Int
  package let kernelSize: Int
  package let stride: Int
  package let padding: Int

  package init(channels: Int, kernelSize: Int = 3, stride: Int = 1, padding: Int = 1) {
    self.channels = channels
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  /// Floats from pixel to pixel.
  package var channelStride: Int { padded(channels) }
  /// Floats of the weights: `[kernelSize, kernelSize, channelStride]`; padded channels are 0.
  package var weightCount: Int { kernelSize * kernelSize * channelStride }

  /// Floats per pixel in the ring; an odd number of cache lines, so that columns do not collide.
  var pixelStride: Int { (channelStride + 15) / 32 * 32 + 16 }
  /// Floats per ring row for `width` columns, including zeros on both sides and whole groups of
  /// columns.
  func rowCount(width: Int) -> Int {
    (width + 2 * kernelSize + columnsAtOnce * stride) * pixelStride
  }

  /// Floats of scratch memory per worker for inputs of `width` columns.
  package func scratchCount(width: Int) -> Int {
    (kernelSize + 1) * rowCount(width: width) + 2 * channelStride
  }

  /// How many groups of columns and panels a row has.
  func groups(width: Int) -> Int {
    ((channelStride + panelWidth - 1) / panelWidth)
      * ((width + columnsAtOnce - 1) / columnsAtOnce)
  }

  /// Whether to bypass the caches when storing a map column by column, `stride` pixels apart.
  ///
  /// Not if columns are a multiple of 2 KiB apart: loads beside the stores then have the same low
  /// address bits, and the backward pass was measured to be slower.
  func streams(_ data: UnsafePointer<Float>, pixels: Int, stride: Int) -> Bool {
    stride * channelStride % 512 != 0 && isStreamed(data, pixels: pixels, stride: channelStride)
  }

  /// Tasks are bands of an image, a whole image where there are many.
  func split(batch: Int, height: Int) -> (bands: Int, split: WorkSplit) {
    let bands = batch >= 32 ? 1 : max(1, min(height / 4, (31 + batch) / batch))
    return (bands, WorkSplit(rows: batch * bands, block: 1))
  }

  /// Floats of `partials` that `backward` needs.
  package var partialCount: Int { WorkSplit.mostChunks * weightCount }
}

/// What a row's loops are compiled for: loops over the taps of a `FixedRow` are unrolled.
protocol RowShape {
  var kernelSize: Int { get }
  var stride: Int { get }
  /// Whether two vectors of channels are computed at once.
  var wide: Bool { get }
}

/// A kernel of a size and a stride that the compiler knows, with whole pairs of vectors.
struct FixedRow<let size: Int, let step: Int>: RowShape {
  var kernelSize: Int { size }
  var stride: Int { step }
  var wide: Bool { true }
}

/// Any kernel, and the last vector of an odd number.
struct AnyRow: RowShape {
  let kernelSize: Int
  let stride: Int
  let wide: Bool
}

let columnsAtOnce = 4

/// Rows of band `band` of `bands` equal bands.
func bandRange(_ band: Int, of bands: Int, height: Int) -> Range<Int> {
  band * height / bands..<(band + 1) * height / bands
}

/// Four columns of two vectors in registers.
struct Columns {
  var a0 = Vector(), b0 = Vector()
  var a1 = Vector(), b1 = Vector()
  var a2 = Vector(), b2 = Vector()
  var a3 = Vector(), b3 = Vector()

  /// Adds a tap: four columns, `step` floats apart, times one element of the kernel.
  @inline(__always)
  mutating func add(
    _ source: UnsafePointer<Float>, step: Int, weights: UnsafePointer<Float>, wide: Bool
  ) {
    let wa = load(weights)
    a0 = fma(load(source), wa, a0)
    a1 = fma(load(source + step), wa, a1)
    a2 = fma(load(source + 2 * step), wa, a2)
    a3 = fma(load(source + 3 * step), wa, a3)
    if wide {
      let wb = load(weights + lanes)
      b0 = fma(load(source + lanes), wb, b0)
      b1 = fma(load(source + step + lanes), wb, b1)
      b2 = fma(load(source + 2 * step + lanes), wb, b2)
      b3 = fma(load(source + 3 * step + lanes), wb, b3)
    }
  }

  /// Adds a row of `count` taps, `weightStep` floats apart, at stride 1: neighboring columns and
  /// neighboring taps are `pixel` floats apart.
  @inline(__always)
  mutating func addRow(
    _ source: UnsafePointer<Float>, pixel: Int, weights: UnsafePointer<Float>, weightStep: Int,
    count: Int, wide: Bool
  ) {
    var tap = 0
    while tap + 3 <= count {
      let (taps, source) = (weights + tap * weightStep, source + tap * pixel)
      Self.addThree(source, pixel, taps, weightStep, &a0, &a1, &a2, &a3)
      if wide {
        Self.addThree(source + lanes, pixel, taps + lanes, weightStep, &b0, &b1, &b2, &b3)
      }
      tap += 3
    }
    while tap < count {
      add(source + tap * pixel, step: pixel, weights: weights + tap * weightStep, wide: wide)
      tap += 1
    }
  }

  /// Three taps of one vector.
  ///
  /// Each of six source vectors is loaded once for the columns it reaches; each column's taps are
  /// added in order.
  @inline(__always)
  private static func addThree(
    _ source: UnsafePointer<Float>, _ pixel: Int, _ weights: UnsafePointer<Float>,
    _ weightStep: Int, _ c0: inout Vector, _ c1: inout Vector, _ c2: inout Vector,
    _ c3: inout Vector
  ) {
    let (w0, w1) = (load(weights), load(weights + weightStep))
    let w2 = load(weights + 2 * weightStep)
    c0 = fma(load(source), w0, c0)
    let s1 = load(source + pixel)
    c0 = fma(s1, w1, c0)
    c1 = fma(s1, w0, c1)
    let s2 = load(source + 2 * pixel)
    c0 = fma(s2, w2, c0)
    c1 = fma(s2, w1, c1)
    c2 = fma(s2, w0, c2)
    let s3 = load(source + 3 * pixel)
    c1 = fma(s3, w2, c1)
    c2 = fma(s3, w1, c2)
    c3 = fma(s3, w0, c3)
    let s4 = load(source + 4 * pixel)
    c2 = fma(s4, w2, c2)
    c3 = fma(s4, w1, c3)
    c3 = fma(load(source + 5 * pixel), w2, c3)
  }

  /// Calls `body` with the two vectors of each of the first `columns` columns.
  @inline(__always)
  func forEach(_ columns: Int, _ body: (_ column: Int, _ a: Vector, _ b: Vector) -> Void) {
    body(0, a0, b0)
    if columns > 1 { body(1, a1, b1) }
    if columns > 2 { body(2, a2, b2) }
    if columns > 3 { body(3, a3, b3) }
  }
}
