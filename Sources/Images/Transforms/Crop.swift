/// Cuts out a rectangle: torchvision's `crop`.
///
/// Pixels from outside the image are black.
struct Crop: ImageOperation, Equatable {
  /// The first row and column; negative ones lie outside the image.
  let top, left: Int
  /// The size in pixels, at least 1.
  let height, width: Int

  func apply(to canvas: inout Canvas) {
    let (oldWidth, oldHeight) = (canvas.width, canvas.height)
    guard (top, left, height, width) != (0, 0, oldHeight, oldWidth) else { return }
    let columns = (left..<(left + width)).clamped(to: 0..<oldWidth)
    canvas.replace(width: width, height: height) { old, new in
      for row in 0..<height {
        let line = UnsafeMutableBufferPointer(rebasing: new[(row * width)..<((row + 1) * width)])
        guard (0..<oldHeight).contains(top + row), !columns.isEmpty else {
          line.update(repeating: 0)
          continue
        }
        let start = (top + row) * oldWidth
        let inside = (columns.lowerBound - left)..<(columns.upperBound - left)
        line[..<inside.lowerBound].update(repeating: 0)
        _ = line[inside].update(
          fromContentsOf: old[(start + columns.lowerBound)..<(start + columns.upperBound)])
        line[inside.upperBound...].update(repeating: 0)
      }
    }
  }
}
