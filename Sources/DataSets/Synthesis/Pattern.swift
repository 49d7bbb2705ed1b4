import ElementaryFunctions

/// What distinguishes the classes of a synthetic data set: a shape on a background, or a texture
/// that fills the image.
enum Pattern: String, CaseIterable, Sendable {
  case checks, cross, disc, dots, ring, square, star, stripes, triangle, waves

  var isTexture: Bool {
    switch self {
    case .checks, .dots, .stripes, .waves: true
    case .cross, .disc, .ring, .square, .star, .triangle: false
    }
  }

  /// The signed distance from (u, v) to the edge, negative inside; a shape's radius, and half a
  /// texture's period, are about 1.
  func distance(_ u: Double, _ v: Double) -> Double {
    func box(_ halfWidth: Double, _ halfHeight: Double) -> Double {
      max(abs(u) - halfWidth, abs(v) - halfHeight)
    }
    /// Distance to the nearest multiple of 2, shifted and scaled to run from −1 there to 1 halfway
    /// between.
    func band(_ t: Double) -> Double { abs(t - 2 * (t / 2).rounded()) - 0.5 }
    func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    switch self {
    case .disc: return length(u, v) - 0.9
    case .ring: return abs(length(u, v) - 0.75) - 0.2
    case .square: return box(0.75, 0.75)
    case .cross: return min(box(0.95, 0.28), box(0.28, 0.95))
    case .triangle: return max(v, abs(u) * 0.866 - v * 0.5) - 0.5
    case .star:
      // A wedge of 36° contains half a point; its edge runs from the point to the notch. Rotate the
      // point nearest to (u, v) upwards.
      let turned = Self.fifths.map {
        (x: u * $0.cosine + v * $0.sine, y: u * $0.sine - v * $0.cosine)
      }
      let (x, y) = turned.max { $0.y < $1.y } ?? (0, 0)
      let edge = length(Self.notch.x, Self.notch.y - 1)
      return (abs(x) * (1 - Self.notch.y) + (y - 1) * Self.notch.x) / edge
    case .stripes: return band(u)
    case .waves: return band(u + 0.6 * Double.sin(1.6 * v))
    case .checks: return (band(u) < 0) == (band(v) < 0) ? -edgeDistance(u, v) : edgeDistance(u, v)
    case .dots:
      return length(u - 2 * (u / 2).rounded(), v - 2 * (v / 2).rounded()) - 0.55
    }
    func edgeDistance(_ u: Double, _ v: Double) -> Double { min(abs(band(u)), abs(band(v))) }
  }

  /// Cosines and sines of the multiples of a fifth of a turn.
  private static let fifths = (0..<5).map { index in
    let angle = 2 * Double.pi / 5 * Double(index)
    return (cosine: Double.cos(angle), sine: Double.sin(angle))
  }
  /// The corner between two points of the star.
  private static let notch = (
    x: 0.45 * Double.sin(.pi / 5), y: 0.45 * Double.cos(.pi / 5)
  )
}
