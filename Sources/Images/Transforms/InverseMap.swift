/// Maps a point (x, y) of the output to the input point (x·xx + y·xy + x₀, x·yx + y·yy + y₀).
///
/// The two sampling methods are those of Pillow's `Geometry.c`. They round differently.
struct InverseMap {
  let xx, xy, x: Double
  let yx, yy, y: Double

  private var isRotated: Bool { xy != 0 || yx != 0 }

  /// Replaces each pixel by the nearest one at its input point, or by black outside the image.
  func sample(_ canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    canvas.replace(width: width, height: height) { old, new in
      if !isRotated {
        sampleRows(old, into: new, width: width, height: height)
      } else if fitsFixedPoint(width: width, height: height) {
        sampleInFixedPoint(old, into: new, width: width, height: height)
      } else {
        sampleInFloatingPoint(old, into: new, width: width, height: height)
      }
    }
  }

  /// Whether the input points of all four corners fit in 16.16 fixed point.
  private func fitsFixedPoint(width: Int, height: Int) -> Bool {
    [(0, 0), (width, height), (0, height), (width, 0)].allSatisfy { column, row in
      abs(Double(column) * xx + Double(row) * xy + x) < 32768
        && abs(Double(column) * yx + Double(row) * yy + y) < 32768
    }
  }

  private func sampleInFixedPoint(
    _ old: UnsafeBufferPointer<UInt32>, into new: UnsafeMutableBufferPointer<UInt32>,
    width: Int, height: Int
  ) {
    func fixed(_ value: Double) -> Int { Int((value * 65536 + 0.5).rounded(.down)) }
    let (stepX, stepY) = (fixed(xx), fixed(yx))
    let (rowStepX, rowStepY) = (fixed(xy), fixed(yy))
    var startX = fixed(x + xx * 0.5 + xy * 0.5)
    var startY = fixed(y + yx * 0.5 + yy * 0.5)
    for row in 0..<height {
      let line = UnsafeMutableBufferPointer(rebasing: new[(row * width)..<((row + 1) * width)])
      let inside = Self.columns(from: startX, step: stepX, staying: width << 16, count: width)
        .clamped(to: Self.columns(from: startY, step: stepY, staying: height << 16, count: width))
      line[..<inside.lowerBound].update(repeating: 0)
      var pointX = startX + inside.lowerBound * stepX
      var pointY = startY + inside.lowerBound * stepY
      for column in inside {
        line[column] = old[(pointY &>> 16) &* width &+ pointX &>> 16]
        pointX &+= stepX
        pointY &+= stepY
      }
      line[inside.upperBound...].update(repeating: 0)
      startX += rowStepX
      startY += rowStepY
    }
  }

  /// The contiguous columns of 0..<count for which `start + column·step` lies in 0..<limit.
  private static func columns(from start: Int, step: Int, staying limit: Int, count: Int)
    -> Range<Int>
  {
    if step == 0 { return start >= 0 && start < limit ? 0..<count : 0..<0 }
    // The distances to the first column inside and to the first column past the end.
    let (entry, exit) = step > 0 ? (-start, limit - start) : (start - limit + 1, start + 1)
    func columnsUntil(_ distance: Int) -> Int {
      distance <= 0 ? 0 : min((distance - 1) / abs(step) + 1, count)
    }
    return columnsUntil(entry)..<columnsUntil(exit)
  }

  /// Samples in floating point if all rows have the same input columns.
  private func sampleRows(
    _ old: UnsafeBufferPointer<UInt32>, into new: UnsafeMutableBufferPointer<UInt32>,
    width: Int, height: Int
  ) {
    /// The input index of each output index; -1 outside the image.
    func indices(from start: Double, step: Double, count: Int) -> [Int] {
      var point = start
      return (0..<count).map { _ in
        defer { point += step }
        return point >= 0 && point < Double(count) ? Int(point) : -1
      }
    }
    let rows = indices(from: y + yx * 0.5 + yy * 0.5, step: yy, count: height)
    let columns = indices(from: x + xy * 0.5 + xx * 0.5, step: xx, count: width)
    let inside = (columns.firstIndex { $0 >= 0 } ?? 0)..<((columns.lastIndex { $0 >= 0 } ?? -1) + 1)
    for (row, source) in rows.enumerated() {
      let line = UnsafeMutableBufferPointer(rebasing: new[(row * width)..<((row + 1) * width)])
      line.update(repeating: 0)
      guard source >= 0 else { continue }
      for column in inside { line[column] = old[source &* width &+ columns[column]] }
    }
  }

  private func sampleInFloatingPoint(
    _ old: UnsafeBufferPointer<UInt32>, into new: UnsafeMutableBufferPointer<UInt32>,
    width: Int, height: Int
  ) {
    var startX = x + xy * 0.5 + xx * 0.5
    var startY = y + yy * 0.5 + yx * 0.5
    for row in 0..<height {
      var (pointX, pointY) = (startX, startY)
      for column in 0..<width {
        let isInside =
          pointX >= 0 && pointX < Double(width) && pointY >= 0 && pointY < Double(height)
        new[row * width + column] = isInside ? old[Int(pointY) * width + Int(pointX)] : 0
        pointX += xx
        pointY += yx
      }
      startX += xy
      startY += yy
    }
  }
}
