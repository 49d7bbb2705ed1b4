/// Flips the image horizontally: torchvision's `horizontal_flip`.
package struct HorizontalFlip: ImageOperation, Equatable {
  /// Creates the operation.
  package init() {}

  /// Reverses every row.
  package func apply(to canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    canvas.withMutablePixels { pixels in
      for row in 0..<height {
        pixels[(row * width)..<((row + 1) * width)].reverse()
      }
    }
  }
}
