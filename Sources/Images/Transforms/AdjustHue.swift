/// A turn of the hue: torchvision's `adjust_hue`.
///
/// The picture goes to Pillow's 8-bit HSV, the hue byte is shifted with wrap-around, and the picture comes back; the
/// round trip alone changes samples by up to 7. Formulas and their precisions are those of Pillow's `rgb2hsv_row` and
/// `hsv2rgb`, with selections instead of branches, so that the loop is made of vectors.
public struct AdjustHue: ImageOperation, Equatable {
  /// The part of the whole circle to turn by, in -0.5…0.5.
  public let factor: Double

  /// A turn by `factor` of the whole circle.
  public init(factor: Double) {
    self.factor = factor
  }

  public func apply(to canvas: inout Canvas) {
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

  // To HSV. Where the range is 0 both numerators are too, and the saturation is 0 whatever the hue.
  let (redIsMax, greenIsMax) = (red == value, green == value)
  let base: Double = redIsMax ? 0 : greenIsMax ? 2 : 4
  let added = value &- (redIsMax ? blue : greenIsMax ? red : green)
  let taken = value &- (redIsMax ? green : greenIsMax ? blue : red)
  let divisor = Float(max(range, 1))
  let sixths = Float(base + Double(Float(added) / divisor) - Double(Float(taken) / divisor))
  let turns = Double(sixths) / 6 + 1
  let fraction = Float(turns >= 1 ? turns - 1 : turns)
  let hue = truncated(Double(fraction) * 255)
  let saturation = truncated(Double(Float(range) / Float(max(value, 1))) * 255)

  // And back.
  let position = Double((hue &+ shift) & 255) * 6 / 255
  let sector = position.rounded(.down)
  let offset = Float(position - sector)
  let strength = Float(Double(saturation) / 255)
  let isOdd = sector == 1 || sector == 3 || sector == 5
  let decline = isOdd ? Double(strength * offset) : Double(strength) * (1 - Double(offset))
  let high = UInt32(bitPattern: value)
  let low = truncated(Double(value) * (1 - Double(strength)) + 0.5)
  let middle = truncated(Double(value) * (1 - decline) + 0.5)
  let newRed = sector == 0 || sector >= 5 ? high : sector == 1 || sector == 4 ? middle : low
  let newGreen = sector == 1 || sector == 2 ? high : sector == 0 || sector == 3 || sector == 6 ? middle : low
  let newBlue = sector == 3 || sector == 4 ? high : sector == 2 || sector == 5 ? middle : low
  return newRed | newGreen << 8 | newBlue << 16
}

@inline(__always)
private func truncated(_ value: Double) -> UInt32 {
  UInt32(truncatingIfNeeded: (value.rounded(.towardZero) + 0x1p52).bitPattern) & 255
}
