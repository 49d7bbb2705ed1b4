/// An image buffer that operations modify in place.
///
/// Each pixel is one 32-bit word, which moves as a unit and vectorizes well: red in the low byte,
/// then green, then blue; the high byte is 0. The storage is reused from image to image.
package struct Canvas: Sendable {
  package private(set) var width = 0
  package private(set) var height = 0
  private var words: [UInt32] = []
  private var spare: [UInt32] = []

  package init() {}

  package init(_ image: Image) { load(image) }

  package mutating func load(_ image: Image) {
    width = image.width
    height = image.height
    let count = width * height
    Self.grow(&words, to: count)
    image.pixels.withUnsafeBufferPointer { samples in
      withMutablePixels { pixels in
        for pixel in 0..<count {
          let first = 3 &* pixel
          pixels[pixel] =
            UInt32(samples[first]) | UInt32(samples[first &+ 1]) << 8
            | UInt32(samples[first &+ 2]) << 16
        }
      }
    }
  }

  package var image: Image {
    let count = width * height
    let samples = [UInt8](unsafeUninitializedCapacity: 3 * count) { samples, initialized in
      withPixels { pixels in
        for pixel in 0..<count {
          samples[3 * pixel] = UInt8(truncatingIfNeeded: pixels[pixel])
          samples[3 * pixel + 1] = UInt8(truncatingIfNeeded: pixels[pixel] >> 8)
          samples[3 * pixel + 2] = UInt8(truncatingIfNeeded: pixels[pixel] >> 16)
        }
      }
      initialized = 3 * count
    }
    return Image(width: width, height: height, pixels: samples)
  }

  /// Calls `body` with the pixels, row by row from the top.
  func withPixels<Result>(_ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result {
    words.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[..<(width * height)])) }
  }

  mutating func withMutablePixels(_ body: (UnsafeMutableBufferPointer<UInt32>) -> Void) {
    let count = width * height
    words.withUnsafeMutableBufferPointer {
      body(UnsafeMutableBufferPointer(rebasing: $0[..<count]))
    }
  }

  /// Replaces the image with one of another size; `body` must write every pixel of `new`.
  mutating func replace(
    width newWidth: Int, height newHeight: Int,
    _ body: (_ old: UnsafeBufferPointer<UInt32>, _ new: UnsafeMutableBufferPointer<UInt32>) -> Void
  ) {
    let count = newWidth * newHeight
    var target: [UInt32] = []
    swap(&target, &spare)
    Self.grow(&target, to: count)
    target.withUnsafeMutableBufferPointer { new in
      withPixels { body($0, UnsafeMutableBufferPointer(rebasing: new[..<count])) }
    }
    spare = words
    words = target
    width = newWidth
    height = newHeight
  }

  private static func grow(_ array: inout [UInt32], to count: Int) {
    if array.count < count {
      array = [UInt32](repeating: 0, count: count)
    }
  }
}
