// The kernel's gradient: a row's sums stay in registers, one per kernel element that the row meets,
// and are added to the chunk's sum once per row.

extension DepthwiseBackward {
  /// Adds an input row's contribution to the kernel's gradient.
  @inline(__always)
  func accumulate(
    _ rows: Range<Int>, bottom: Int, _ inputRow: UnsafeMutablePointer<Float>, channel: Int
  ) {
    let k = shape.kernelSize
    let wide = shape.channelStride - channel >= panelWidth
    if k == 3 && shape.stride == 1 && rows.count == 3 {
      accumulateNine(rows, inputRow, channel: channel)
      if wide { accumulateNine(rows, inputRow, channel: channel + lanes) }
      return
    }
    for row in rows {
      let ky = bottom - row * shape.stride
      if k == 5 {
        accumulateFive(row, ky, inputRow, channel: channel)
        if wide { accumulateFive(row, ky, inputRow, channel: channel + lanes) }
        continue
      }
      for kx in Swift.stride(from: 0, to: k, by: 3) {
        accumulateTaps(row, ky, kx, inputRow, channel: channel, wide: wide)
      }
    }
  }

  /// Adds Σ input · gradient over an input row to all elements of a 3×3 kernel's gradient for eight
  /// channels: three rows of the output's gradient meet three neighbors in the input row.
  @inline(__always)
  private func accumulateNine(
    _ rows: Range<Int>, _ inputRow: UnsafeMutablePointer<Float>, channel: Int
  ) {
    let (channels, pixel) = (shape.channelStride, shape.pixelStride)
    // Kernel row 2 meets the first of the output's rows.
    var top = UnsafePointer(slot(rows.lowerBound + 2)) + channel
    var middle = UnsafePointer(slot(rows.lowerBound + 1)) + channel
    var bottom = UnsafePointer(slot(rows.lowerBound)) + channel
    var source = UnsafePointer(inputRow) + channel
    var (t0, t1, t2) = (Vector(), Vector(), Vector())
    var (m0, m1, m2) = (Vector(), Vector(), Vector())
    var (b0, b1, b2) = (Vector(), Vector(), Vector())
    for _ in 0..<outputWidth {
      let (dt, dm, db) = (load(top), load(middle), load(bottom))
      let s0 = load(source)
      t0 = fma(s0, dt, t0)
      m0 = fma(s0, dm, m0)
      b0 = fma(s0, db, b0)
      let s1 = load(source + pixel)
      t1 = fma(s1, dt, t1)
      m1 = fma(s1, dm, m1)
      b1 = fma(s1, db, b1)
      let s2 = load(source + 2 * pixel)
      t2 = fma(s2, dt, t2)
      m2 = fma(s2, dm, m2)
      b2 = fma(s2, db, b2)
      top += pixel
      middle += pixel
      bottom += pixel
      source += pixel
    }
    let destination = partial + channel
    add(t0, to: destination)
    add(t1, to: destination + channels)
    add(t2, to: destination + 2 * channels)
    add(m0, to: destination + 3 * channels)
    add(m1, to: destination + 4 * channels)
    add(m2, to: destination + 5 * channels)
    add(b0, to: destination + 6 * channels)
    add(b1, to: destination + 7 * channels)
    add(b2, to: destination + 8 * channels)
  }

  /// Adds Σ input · gradient over a row to one row of a 5×5 kernel's gradient for eight channels.
  @inline(__always)
  private func accumulateFive(
    _ row: Int, _ ky: Int, _ inputRow: UnsafeMutablePointer<Float>, channel: Int
  ) {
    let (channels, pixel) = (shape.channelStride, shape.pixelStride)
    let step = shape.stride * pixel
    var (t0, t1, t2, t3, t4) = (Vector(), Vector(), Vector(), Vector(), Vector())
    var source = UnsafePointer(inputRow) + channel
    var gradient = UnsafePointer(slot(row)) + channel
    for _ in 0..<outputWidth {
      let d = load(gradient)
      t0 = fma(load(source), d, t0)
      t1 = fma(load(source + pixel), d, t1)
      t2 = fma(load(source + 2 * pixel), d, t2)
      t3 = fma(load(source + 3 * pixel), d, t3)
      t4 = fma(load(source + 4 * pixel), d, t4)
      source += step
      gradient += pixel
    }
    let destination = partial + ky * 5 * channels + channel
    add(t0, to: destination)
    add(t1, to: destination + channels)
    add(t2, to: destination + 2 * channels)
    add(t3, to: destination + 3 * channels)
    add(t4, to: destination + 4 * channels)
  }

  /// Adds Σ input · gradient over a row to three neighboring elements of the kernel's gradient.
  @inline(__always)
  private func accumulateTaps(
    _ row: Int, _ ky: Int, _ kx: Int, _ inputRow: UnsafeMutablePointer<Float>, channel: Int,
    wide: Bool
  ) {
    let (k, channels, pixel) = (shape.kernelSize, shape.channelStride, shape.pixelStride)
    let step = shape.stride * pixel
    var (a0, b0) = (Vector(), Vector())
    var (a1, b1) = (Vector(), Vector())
    var (a2, b2) = (Vector(), Vector())
    var source = UnsafePointer(inputRow) + kx * pixel + channel
    var gradient = UnsafePointer(slot(row)) + channel
    for _ in 0..<outputWidth {
      let da = load(gradient)
      a0 = fma(load(source), da, a0)
      a1 = fma(load(source + pixel), da, a1)
      a2 = fma(load(source + 2 * pixel), da, a2)
      if wide {
        let db = load(gradient + lanes)
        b0 = fma(load(source + lanes), db, b0)
        b1 = fma(load(source + pixel + lanes), db, b1)
        b2 = fma(load(source + 2 * pixel + lanes), db, b2)
      }
      source += step
      gradient += pixel
    }
    let destination = partial + (ky * k + kx) * channels + channel
    add(a0, to: destination)
    if kx + 1 < k { add(a1, to: destination + channels) }
    if kx + 2 < k { add(a2, to: destination + 2 * channels) }
    if wide {
      add(b0, to: destination + lanes)
      if kx + 1 < k { add(b1, to: destination + channels + lanes) }
      if kx + 2 < k { add(b2, to: destination + 2 * channels + lanes) }
    }
  }
}
