/// A decoded picture: 8-bit RGB, rows from the top, `[height, width, 3]` without gaps.
package struct Image: Sendable, Equatable {
  package let width, height: Int
  /// The samples, `height * width * 3` of them, interleaved R, G, B.
  package var pixels: [UInt8]

  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(pixels.count == width * height * 3)
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
