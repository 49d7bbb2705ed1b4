// The inner loop of all convolutions except depthwise ones.
//
// C[6, 16] = Σ_k A[6, k] · B[k, 16]: twelve accumulators, two vectors of B and one broadcast
// element of A are in registers, so that a step of k issues 12 multiply-adds for 8 loads (AVX2: 6
// cycles against 4). A is read with two strides, so that the same loop serves A and its transpose;
// a row of B is 16 consecutive floats.

/// Rows of the product computed at once.
let tileRows = 6
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

/// The product of 6 rows of `a` and 16 columns of `b`, or 8 unless `wide`.
@inline(__always)
func product(
  _ a: UnsafePointer<Float>, rowStride: Int, step: Int, _ b: UnsafePointer<Float>, bStride: Int,
  count: Int, wide: Bool
) -> Tile {
  wide
    ? wideProduct(a, rowStride: rowStride, step: step, b, bStride: bStride, count: count)
    : narrowProduct(a, rowStride: rowStride, step: step, b, bStride: bStride, count: count)
}

/// The product of 6 rows of `a` (row `i`, step `k` at `a[i * rowStride + k * step]`) and `count`
/// rows of 16 columns of `b`.
@inline(__always)
private func wideProduct(
  _ a: UnsafePointer<Float>, rowStride: Int, step: Int, _ b: UnsafePointer<Float>, bStride: Int,
  count: Int
) -> Tile {
  var tile = Tile()
  var a = a
  var b = b
  for _ in 0..<count {
    let ba = load(b)
    let bb = load(b + lanes)
    let a0 = Vector(repeating: a[0])
    tile.r0a = fma(a0, ba, tile.r0a)
    tile.r0b = fma(a0, bb, tile.r0b)
    let a1 = Vector(repeating: a[rowStride])
    tile.r1a = fma(a1, ba, tile.r1a)
    tile.r1b = fma(a1, bb, tile.r1b)
    let a2 = Vector(repeating: a[2 * rowStride])
    tile.r2a = fma(a2, ba, tile.r2a)
    tile.r2b = fma(a2, bb, tile.r2b)
    let a3 = Vector(repeating: a[3 * rowStride])
    tile.r3a = fma(a3, ba, tile.r3a)
    tile.r3b = fma(a3, bb, tile.r3b)
    let a4 = Vector(repeating: a[4 * rowStride])
    tile.r4a = fma(a4, ba, tile.r4a)
    tile.r4b = fma(a4, bb, tile.r4b)
    let a5 = Vector(repeating: a[5 * rowStride])
    tile.r5a = fma(a5, ba, tile.r5a)
    tile.r5b = fma(a5, bb, tile.r5b)
    a += step
    b += bStride
  }
  return tile
}

/// The same for 8 columns of `b`; the second vector of each row is zero.
@inline(__always)
private func narrowProduct(
  _ a: UnsafePointer<Float>, rowStride: Int, step: Int, _ b: UnsafePointer<Float>, bStride: Int,
  count: Int
) -> Tile {
  var tile = Tile()
  var a = a
  var b = b
  for _ in 0..<count {
    let ba = load(b)
    tile.r0a = fma(Vector(repeating: a[0]), ba, tile.r0a)
    tile.r1a = fma(Vector(repeating: a[rowStride]), ba, tile.r1a)
    tile.r2a = fma(Vector(repeating: a[2 * rowStride]), ba, tile.r2a)
    tile.r3a = fma(Vector(repeating: a[3 * rowStride]), ba, tile.r3a)
    tile.r4a = fma(Vector(repeating: a[4 * rowStride]), ba, tile.r4a)
    tile.r5a = fma(Vector(repeating: a[5 * rowStride]), ba, tile.r5a)
    a += step
    b += bStride
  }
  return tile
}
