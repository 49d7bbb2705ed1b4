/// Blends the image with black: torchvision's `adjust_brightness`.
struct AdjustBrightness: ImageOperation, Equatable {
  /// 0 gives black, 1 the original image, 2 doubles the brightness.
  let factor: Double

  func apply(to canvas: inout Canvas) { canvas.blend(by: Float(factor)) { _, _, _ in 0 } }
}

/// Blends the image with its mean gray value: torchvision's `adjust_contrast`.
struct AdjustContrast: ImageOperation, Equatable {
  /// 0 gives uniform gray, 1 the original image, 2 doubles the contrast.
  let factor: Double

  func apply(to canvas: inout Canvas) {
    let sum = canvas.withPixels { pixels in
      var sum = 0
      // A block's sum fits in 32 bits, which doubles the vector width compared with 64-bit sums.
      for start in stride(from: 0, to: pixels.count, by: 1 << 16) {
        var part: UInt32 = 0
        for index in start..<min(start + 1 << 16, pixels.count) {
          let (red, green, blue) = channels(pixels[index])
          part &+= UInt32(bitPattern: luma(red, green, blue))
        }
        sum += Int(part)
      }
      return sum
    }
    let mean = Int32(Double(sum) / Double(canvas.width * canvas.height) + 0.5)
    canvas.blend(by: Float(factor)) { _, _, _ in mean }
  }
}

/// Blends the image with its grayscale version: torchvision's `adjust_saturation`.
struct AdjustSaturation: ImageOperation, Equatable {
  /// 0 gives a grayscale image, 1 the original image, 2 doubles the saturation.
  let factor: Double

  func apply(to canvas: inout Canvas) {
    canvas.blend(by: Float(factor)) { red, green, blue in luma(red, green, blue) }
  }
}

extension Canvas {
  /// Pillow's `ImagingBlend`: origin + factor · (sample − origin) in Float32, clipped to 0…255 and
  /// truncated.
  @inline(__always)
  fileprivate mutating func blend(
    by factor: Float, from origin: (_ red: Int32, _ green: Int32, _ blue: Int32) -> Int32
  ) {
    withMutablePixels { pixels in
      for index in pixels.indices {
        let (red, green, blue) = channels(pixels[index])
        let start = origin(red, green, blue)
        func blended(_ sample: Int32) -> UInt32 {
          let value = Float(start) + factor * Float(sample &- start)
          return truncated(min(max(value, 0), 255))
        }
        pixels[index] = blended(red) | blended(green) << 8 | blended(blue) << 16
      }
    }
  }
}

@inline(__always)
func channels(_ word: UInt32) -> (red: Int32, green: Int32, blue: Int32) {
  (
    Int32(truncatingIfNeeded: word & 255), Int32(truncatingIfNeeded: word >> 8 & 255),
    Int32(truncatingIfNeeded: word >> 16 & 255)
  )
}

/// The pixel's gray value as Pillow's mode `L` computes it: ITU-R 601-2 in 16-bit fixed point.
@inline(__always)
func luma(_ red: Int32, _ green: Int32, _ blue: Int32) -> Int32 {
  (red &* 19595 &+ green &* 38470 &+ blue &* 7471 &+ 32768) &>> 16
}

/// The integer part of a value in 0…255.
///
/// Adding 2²³ leaves the integer in the low bits. Unlike a checked conversion, this vectorizes.
@inline(__always)
func truncated(_ value: Float) -> UInt32 {
  (value.rounded(.towardZero) + 0x1p23).bitPattern & 255
}
