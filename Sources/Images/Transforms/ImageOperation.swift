/// A deterministic image operation with fixed parameters, in place.
///
/// Given the same arguments, the results are bit-identical to torchvision 0.29 v2 on PIL images
/// (Pillow 13.0).
package protocol ImageOperation: Sendable {
  func apply(to canvas: inout Canvas)
}

/// A deterministic operation on a normalized image, in place.
package protocol TensorOperation: Sendable {
  /// `pixels` is `[resolution, resolution, 3]`.
  func apply(to pixels: UnsafeMutablePointer<Float>, resolution: Int)
}

/// Flips the image horizontally: torchvision's `horizontal_flip`.
struct HorizontalFlip: ImageOperation, Equatable {
  func apply(to canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    canvas.withMutablePixels { pixels in
      for row in 0..<height {
        pixels[(row * width)..<((row + 1) * width)].reverse()
      }
    }
  }
}
