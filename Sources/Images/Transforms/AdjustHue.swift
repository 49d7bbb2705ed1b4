/// A turn of the hue: torchvision's `adjust_hue`.
///
/// The picture goes to Pillow's 8-bit HSV, the hue byte is shifted with wrap-around, and the
/// picture comes back; the round trip alone changes samples by up to 7. Pillow's `rgb2hsv_row` and
/// `hsv2rgb` compute partly in Double; here all is Float32, with selections instead of branches, so
/// that the loop is made of vectors: the results are the same for every colour and every hue, which
/// are few enough to have been tried.
public struct AdjustHue: ImageOperation, Equatable {
  /// The part of the whole circle to turn by, in -0.5…0.5.
  public let factor: Double

  /// A turn by `factor` of the whole circle.
  public init(factor: Double) {
    self.factor = factor
  }

  /// Turns the hue of every pixel.
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

  // To HSV: hue/60° = base + (value - one)/range - (value - other)/range. One of the quotients is
  // 1, as one of the two is the smallest; taken together with the base it leaves a single rounding,
  // which is what Pillow's Double leaves. In a grey pixel the hue is any, for its saturation is 0.
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

  // And back.
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
