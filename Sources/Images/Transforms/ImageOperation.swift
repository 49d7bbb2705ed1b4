/// Something done to a picture, with everything about it decided: nothing is left to chance.
///
/// The operations agree to the bit with torchvision 0.29 v2 on PIL images (Pillow 13.0) given the
/// same arguments.
public protocol ImageOperation: Sendable {
  /// Changes the picture.
  func apply(to canvas: inout Canvas)
}

extension Image {
  /// This picture after `operations`, one after the other.
  public func applying(_ operations: [any ImageOperation]) -> Image {
    var canvas = Canvas(self)
    for operation in operations {
      operation.apply(to: &canvas)
    }
    return canvas.image
  }
}
