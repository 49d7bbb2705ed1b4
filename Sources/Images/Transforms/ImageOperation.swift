/// A deterministic image operation with fixed parameters.
///
/// Given the same arguments, the results are bit-identical to torchvision 0.29 v2 on PIL images
/// (Pillow 13.0).
package protocol ImageOperation: Sendable {
  /// Applies the operation in place.
  func apply(to canvas: inout Canvas)
}

extension Image {
  /// The image after applying `operations` in order.
  package func applying(_ operations: [any ImageOperation]) -> Image {
    var canvas = Canvas(self)
    for operation in operations {
      operation.apply(to: &canvas)
    }
    return canvas.image
  }
}
