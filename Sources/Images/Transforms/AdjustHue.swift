/// Rotates the hue: torchvision's `adjust_hue`.
///
/// The image is converted to Pillow's 8-bit HSV, the hue byte is shifted with wrap-around, and the
/// image is converted back. The round trip alone changes samples by up to 7. Pillow's `rgb2hsv_row`
/// and `hsv2rgb` compute partly in double precision. This code uses Float32 and selections instead
/// of branches, so the loop vectorizes. An exhaustive comparison over all colors and hues gave
/// identical results.
struct AdjustHue: ImageOperation, Equatable {
  /// The rotation as a fraction of the full circle, in -0.5…0.5.
  let factor: Double

  func apply(to canvas: inout Canvas) {
    let shift = UInt32(truncatingIfNeeded: Int(factor * 255))
    canvas.withMutablePixels { pixels in
      for index in pixels.indices {
        pixels[index] = turned(pixels[index], by: shift)
      }
    }
  }
}

@inline(__always)
private func turned(_ word: UInt32, by shift: UInt32) -> UInt32 {
  let (red, green, blue) = channels(word)
  let value = max(red, green, blue)
  let range = value &- min(red, green, blue)

  // RGB to HSV: hue/60° = base + (value - one)/range - (value - other)/range. One of the quotients
  // is exactly 1 because one of the two samples is the minimum. Folding it into the base leaves a
  // single rounding, as in Pillow's double precision. The hue of a gray pixel is arbitrary because
  // its saturation is 0.
  let (redIsMax, greenIsMax) = (red == value, green == value)
  let base: Float = redIsMax ? 0 : greenIsMax ? 2 : 4
  let added = value &- (redIsMax ? blue : greenIsMax ? red : green)
  let taken = value &- (redIsMax ? green : greenIsMax ? blue : red)
  let takesOne = taken == range
  let quotient = Float(takesOne ? added : taken) / Float(max(range, 1))
  let sixths = takesOne ? base - 1 + quotient : base + 1 - quotient
  let turns = sixths / 6
  let hue = truncated((turns < 0 ? turns + 1 : turns) * 255)
  let saturation = truncated(Float(range) / Float(max(value, 1)) * 255)

  // HSV to RGB.
  let position = Float(Int32(truncatingIfNeeded: (hue &+ shift) & 255) &* 6)
  let sector = (position * (1 / 255)).rounded(.down)
  let offset = (position - 255 * sector) / 255
  let strength = Float(Int32(truncatingIfNeeded: saturation)) / 255
  let isOdd = sector == 1 || sector == 3 || sector == 5
  let high = UInt32(truncatingIfNeeded: value)
  let low = truncated(Float(value) * (1 - strength) + 0.5)
  let middle = truncated(Float(value) * (1 - strength * (isOdd ? offset : 1 - offset)) + 0.5)
  let newRed =
    sector == 0 || sector >= 5 ? high : sector == 1 || sector == 4 ? middle : low
  let newGreen =
    sector == 1 || sector == 2 ? high : sector == 4 || sector == 5 ? low : middle
  let newBlue =
    sector == 3 || sector == 4 ? high : sector == 2 || sector == 5 ? middle : low
  return newRed | newGreen << 8 | newBlue << 16
}
