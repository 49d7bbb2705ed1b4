import Foundation

/// What tells the classes of a drawn data set apart: a shape on a ground, or a texture that fills
/// the image.
enum Pattern: String, CaseIterable, Sendable {
  case checks, cross, disc, dots, ring, square, star, stripes, triangle, waves

  /// Whether it fills the image instead of lying on a ground.
  var isTexture: Bool {
    switch self {
    case .checks, .dots, .stripes, .waves: true
    case .cross, .disc, .ring, .square, .star, .triangle: false
    }
  }

  /// The distance from (u, v) to the edge, negative inside; a shape's radius, and half a texture's
  /// period, are about 1.
  func distance(_ u: Double, _ v: Double) -> Double {
    func box(_ halfWidth: Double, _ halfHeight: Double) -> Double {
      max(abs(u) - halfWidth, abs(v) - halfHeight)
    }
    /// Distance to the nearest multiple of 2, from −1 at it to 0 half-way, to 1.
    func band(_ t: Double) -> Double { abs(t - 2 * (t / 2).rounded()) - 0.5 }
    switch self {
    case .disc: return hypot(u, v) - 0.9
    case .ring: return abs(hypot(u, v) - 0.75) - 0.2
    case .square: return box(0.75, 0.75)
    case .cross: return min(box(0.95, 0.28), box(0.28, 0.95))
    case .triangle: return max(v, abs(u) * 0.866 - v * 0.5) - 0.5
    case .star:
      // A wedge of 36° holds half a point; its edge runs from the point to the notch.
      let fifth = 2 * Double.pi / 5
      let angle = atan2(u, -v)
      let folded = abs(angle - fifth * (angle / fifth).rounded())
      let (x, y) = (hypot(u, v) * sin(folded), hypot(u, v) * cos(folded))
      let notch = (x: 0.45 * sin(fifth / 2), y: 0.45 * cos(fifth / 2))
      let edge = hypot(notch.x, notch.y - 1)
      return (x * (1 - notch.y) + (y - 1) * notch.x) / edge
    case .stripes: return band(u)
    case .waves: return band(u + 0.6 * sin(1.6 * v))
    case .checks: return (band(u) < 0) == (band(v) < 0) ? -edgeDistance(u, v) : edgeDistance(u, v)
    case .dots:
      return hypot(u - 2 * (u / 2).rounded(), v - 2 * (v / 2).rounded()) - 0.55
    }
    func edgeDistance(_ u: Double, _ v: Double) -> Double { min(abs(band(u)), abs(band(v))) }
  }
}
