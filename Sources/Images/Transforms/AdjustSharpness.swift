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
      for row in 1..<(height - 1) {
        for index in (row &* width &+ 1)..<((row &+ 1) &* width &- 1) {
          let center = samples(old[index])
          var sum = center &* 4
          for start in [index &- width, index, index &+ width] {
            sum &+= samples(old[start &- 1]) &+ samples(old[start]) &+ samples(old[start &+ 1])
          }
          // The sum of thirteen over 13, rounded to nearest; it is never halfway.
          let smooth = (sum &* 2 &+ 13) / 26
          new[index] = blended(smooth, center, by: factor)
        }
      }
    }
  }

  @inline(__always)
  private func samples(_ word: UInt32) -> SIMD4<Int32> {
    SIMD4<Int32>(truncatingIfNeeded: unsafeBitCast(word, to: SIMD4<UInt8>.self))
  }

  /// Pillow's `ImagingBlend` of one pixel.
  @inline(__always)
  private func blended(_ start: SIMD4<Int32>, _ end: SIMD4<Int32>, by factor: Float) -> UInt32 {
    let value = SIMD4<Float>(start) + factor * SIMD4<Float>(end &- start)
    let clipped = value.clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
    let samples = SIMD4<UInt8>(
      truncatingIfNeeded: SIMD4<Int32>(clipped, rounding: .towardZero))
    return unsafeBitCast(samples, to: UInt32.self)
  }
}
