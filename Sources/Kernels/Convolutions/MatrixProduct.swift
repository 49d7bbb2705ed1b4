// The inner loop of all convolutions except depthwise ones.
//
// C[6, 16] = Σ_k A[6, k] · B[k, 16]: twelve accumulators, two vectors of B and one broadcast
// element of A are in registers, so that a step of k issues 12 multiply-adds for 8 loads (AVX2: 6
// cycles against 4). With AVX-512 two such tiles are computed at once: 24 for 14. A is read with two strides, so that the same loop serves A and its transpose;
// a row of B is 16 consecutive floats.

/// Rows of a tile.
///
/// Sums over rows are taken tile by tile, so this number determines bits.
let tileRows = 6
/// Tiles computed at once: two where there are 32 vector registers.
let tilesAtOnce = lanes == 16 ? 2 : 1
/// Columns of the product computed at once: two vectors.
let panelWidth = 2 * lanes

/// Six rows of two vectors in registers.
struct Tile {
  var r0a = Vector(), r0b = Vector()
  var r1a = Vector(), r1b = Vector()
  var r2a = Vector(), r2b = Vector()
  var r3a = Vector(), r3b = Vector()
  var r4a = Vector(), r4b = Vector()
  var r5a = Vector(), r5b = Vector()

  /// Adds the products of an element of each row, `stride` floats apart, and two vectors.
  @inline(__always)
  mutating func add(_ a: UnsafePointer<Float>, _ stride: Int, _ ba: Vector, _ bb: Vector) {
    let a0 = Vector(repeating: a[0])
    r0a = fma(a0, ba, r0a)
    r0b = fma(a0, bb, r0b)
    let a1 = Vector(repeating: a[stride])
    r1a = fma(a1, ba, r1a)
    r1b = fma(a1, bb, r1b)
    let a2 = Vector(repeating: a[2 * stride])
    r2a = fma(a2, ba, r2a)
    r2b = fma(a2, bb, r2b)
    let a3 = Vector(repeating: a[3 * stride])
    r3a = fma(a3, ba, r3a)
    r3b = fma(a3, bb, r3b)
    let a4 = Vector(repeating: a[4 * stride])
    r4a = fma(a4, ba, r4a)
    r4b = fma(a4, bb, r4b)
    let a5 = Vector(repeating: a[5 * stride])
    r5a = fma(a5, ba, r5a)
    r5b = fma(a5, bb, r5b)
  }

  /// The same for one vector; the second vector of each row stays zero.
  @inline(__always)
  mutating func add(_ a: UnsafePointer<Float>, _ stride: Int, _ ba: Vector) {
    r0a = fma(Vector(repeating: a[0]), ba, r0a)
    r1a = fma(Vector(repeating: a[stride]), ba, r1a)
    r2a = fma(Vector(repeating: a[2 * stride]), ba, r2a)
    r3a = fma(Vector(repeating: a[3 * stride]), ba, r3a)
    r4a = fma(Vector(repeating: a[4 * stride]), ba, r4a)
    r5a = fma(Vector(repeating: a[5 * stride]), ba, r5a)
  }

  /// Calls `body` with the two vectors of each of the first `rows` rows.
  @inline(__always)
  func forEachRow(_ rows: Int, _ body: (_ row: Int, _ a: Vector, _ b: Vector) -> Void) {
    body(0, r0a, r0b)
    if rows > 1 { body(1, r1a, r1b) }
    if rows > 2 { body(2, r2a, r2b) }
    if rows > 3 { body(3, r3a, r3b) }
    if rows > 4 { body(4, r4a, r4b) }
    if rows > 5 { body(5, r5a, r5b) }
  }
}

/// A factor of a product: row `i`, step `k` is at `start[i * rowStride + k * step]`.
struct Rows {
  let start: UnsafePointer<Float>
  let rowStride: Int
  let step: Int

  @inline(__always)
  func dropFirst(_ rows: Int) -> Rows {
    Rows(start: start + rows * rowStride, rowStride: rowStride, step: step)
  }
}

/// A panel of columns, `stride` floats from step to step: two vectors, or one unless `wide`.
struct Panel {
  let start: UnsafePointer<Float>
  let stride: Int
  let wide: Bool
}

/// Steps of a product between two calls of the prefetcher.
private let stepsPerFetch = 16

/// How often the product of `rows` × `columns` with `steps` steps calls the prefetcher.
@inline(__always)
func fetchCalls(rows: Int, columns: Int, steps: Int) -> Int {
  func count(_ value: Int, _ part: Int) -> Int { (value + part - 1) / part }
  return count(rows, tileRows * tilesAtOnce) * count(columns, panelWidth)
    * count(steps, stepsPerFetch)
}

/// Calls `body` with the product of each six of `rows` rows of `a` with the panel `b` over `count`
/// steps.
///
/// `a` has whole groups of six rows.
@inline(__always)
func forEachTile(
  rows: Int, _ a: Rows, _ b: Panel, count: Int, _ prefetcher: inout Prefetcher,
  _ body: (_ row: Int, _ tile: Tile) -> Void
) {
  var row = 0
  if tilesAtOnce == 2 {
    while rows - row > tileRows {
      let tiles = twoTiles(a.dropFirst(row), b, count, &prefetcher)
      body(row, tiles.upper)
      body(row + tileRows, tiles.lower)
      row += 2 * tileRows
    }
  }
  while row < rows {
    body(row, oneTile(a.dropFirst(row), b, count, &prefetcher))
    row += tileRows
  }
}

@inline(__always)
private func oneTile(
  _ rows: Rows, _ panel: Panel, _ count: Int, _ prefetcher: inout Prefetcher
) -> Tile {
  var tile = Tile()
  var (a, b) = (rows.start, panel.start)
  var left = count
  while left > 0 {
    prefetcher.fetch()
    let steps = min(left, stepsPerFetch)
    left -= steps
    if panel.wide {
      for _ in 0..<steps {
        tile.add(a, rows.rowStride, load(b), load(b + lanes))
        a += rows.step
        b += panel.stride
      }
    } else {
      for _ in 0..<steps {
        tile.add(a, rows.rowStride, load(b))
        a += rows.step
        b += panel.stride
      }
    }
  }
  return tile
}

/// Two tiles at once, for processors with 32 vector registers: half the loads of `b`.
@inline(__always)
private func twoTiles(
  _ rows: Rows, _ panel: Panel, _ count: Int, _ prefetcher: inout Prefetcher
) -> (upper: Tile, lower: Tile) {
  var (upper, lower) = (Tile(), Tile())
  var (a, b) = (rows.start, panel.start)
  let lowerStart = tileRows * rows.rowStride
  var left = count
  while left > 0 {
    prefetcher.fetch()
    let steps = min(left, stepsPerFetch)
    left -= steps
    if panel.wide {
      for _ in 0..<steps {
        let (ba, bb) = (load(b), load(b + lanes))
        upper.add(a, rows.rowStride, ba, bb)
        lower.add(a + lowerStart, rows.rowStride, ba, bb)
        a += rows.step
        b += panel.stride
      }
    } else {
      for _ in 0..<steps {
        let ba = load(b)
        upper.add(a, rows.rowStride, ba)
        lower.add(a + lowerStart, rows.rowStride, ba)
        a += rows.step
        b += panel.stride
      }
    }
  }
  return (upper, lower)
}
