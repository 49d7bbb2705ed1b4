/// Flips the image horizontally: torchvision's `horizontal_flip`.
public struct HorizontalFlip: ImageOperation, Equatable {
  /// Creates the operation.
  public init() {}

  /// Reverses every row.
  public func apply(to canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    canvas.withMutablePixels { pixels in
      for row in 0..<height {
        pixels[(row * width)..<((row + 1) * width)].reverse()
      }
    }
  }
}
