import ElementaryFunctions

/// Rotates, scales and shears about a center, then translates: torchvision's `affine`.
///
/// Samples the nearest neighbor. Pixels from outside the image are black.
struct Affine: ImageOperation, Equatable {
  /// Degrees, clockwise.
  let angle: Double
  /// Translation in whole pixels, to the right and down.
  var translation = SIMD2<Int>.zero
  /// The scale factor, above 0.
  var scale = 1.0
  /// Degrees of shear along x and y.
  var shear = SIMD2<Double>.zero
  /// The point that rotation, scale and shear leave in place; nil for the image's center.
  var center: SIMD2<Double>?

  func apply(to canvas: inout Canvas) {
    inverse(width: canvas.width, height: canvas.height).sample(&canvas)
  }

  /// The map from output points to input points, computed in the same order as torchvision's
  /// `_get_inverse_affine_matrix`.
  private func inverse(width: Int, height: Int) -> InverseMap {
    let degree = Double.pi / 180
    let (rotation, shearX, shearY) = (angle * degree, shear.x * degree, shear.y * degree)
    let (cosine, sine) = (Double.cos(rotation - shearY), Double.sin(rotation - shearY))
    let cosineY = Double.cos(shearY)
    let a = cosine / cosineY
    let b = -cosine * Double.tan(shearX) / cosineY - Double.sin(rotation)
    let c = sine / cosineY
    let d = -sine * Double.tan(shearX) / cosineY + Double.cos(rotation)
    let (centerX, centerY) = (center?.x ?? Double(width) * 0.5, center?.y ?? Double(height) * 0.5)
    let (fromX, fromY) = (-centerX - Double(translation.x), -centerY - Double(translation.y))
    let (xx, xy, yx, yy) = (d / scale, -b / scale, -c / scale, a / scale)
    return InverseMap(
      xx: xx, xy: xy, x: 0 + (xx * fromX + xy * fromY) + centerX,
      yx: yx, yy: yy, y: 0 + (yx * fromX + yy * fromY) + centerY)
  }
}
