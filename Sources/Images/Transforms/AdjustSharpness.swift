/// Blends the image with a smoothed copy: torchvision's `adjust_sharpness`.
///
/// The copy is that of Pillow's filter `SMOOTH`: a pixel counts five times, each of its eight
/// neighbors once; the pixels at the border stay.
struct AdjustSharpness: ImageOperation, Equatable {
  /// 0 gives the smoothed image, 1 the original image, 2 doubles the difference.
  let factor: Double

  func apply(to canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    guard width >= 3, height >= 3 else { return }
    let factor = Float(factor)
    canvas.replace(width: width, height: height) { old, new in
      _ = new.update(fromContentsOf: old)
      let source = UnsafeRawBufferPointer(old).bindMemory(to: UInt8.self)
      let target = UnsafeMutableRawBufferPointer(new).bindMemory(to: UInt8.self)
      let stride = 4 * width
      for row in 1..<(height - 1) {
        let above = UnsafeBufferPointer(rebasing: source[((row - 1) * stride)...].prefix(stride))
        let here = UnsafeBufferPointer(rebasing: source[(row * stride)...].prefix(stride))
        let below = UnsafeBufferPointer(rebasing: source[((row + 1) * stride)...].prefix(stride))
        let line = UnsafeMutableBufferPointer(rebasing: target[(row * stride)...].prefix(stride))
        // A pixel has four bytes, so its neighbors' are four away; the fourth is 0 everywhere.
        for index in 4..<(stride - 4) {
          func column(_ place: Int) -> Int32 {
            Int32(above[place]) &+ Int32(here[place]) &+ Int32(below[place])
          }
          let center = Int32(here[index])
          let sum = column(index &- 4) &+ column(index) &+ column(index &+ 4) &+ 4 &* center
          // The sum of thirteen over 13, rounded to nearest; it is never halfway.
          let smooth = (2 &* sum &+ 13) / 26
          let value = Float(smooth) + factor * Float(center &- smooth)
          line[index] = UInt8(truncatingIfNeeded: truncated(min(max(value, 0), 255)))
        }
      }
    }
  }
}
