/// The shape of one image's value: height, width, channels.
package struct Shape: Sendable, Equatable {
  package var height: Int
  package var width: Int
  package var channels: Int

  package init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  package var count: Int { height * width * channels }
}

/// The shape of a value as a function of the resolution.
package struct ValueShape: Sendable, Equatable, CustomStringConvertible {
  package var extent: Extent
  package var channels: Int

  /// The shape for images of `resolution × resolution`.
  func at(_ resolution: Int) -> Shape {
    let size = extent.size(resolution)
    return Shape(height: size, width: size, channels: channels)
  }

  package var description: String {
    extent == .one ? "\(channels) features" : "\(channels) channels of \(extent)"
  }
}

/// The height and width of a value as a function of the image height n.
///
/// Windows divide and round down, and ⌊(⌊(n + a) / s⌋ + b) / t⌋ = ⌊(n + a + b · s) / (s · t)⌋. So
/// values with equal extents have equal sizes at every resolution, and values with different
/// extents do not.
package enum Extent: Sendable, Equatable, CustomStringConvertible {
  /// ⌊(n + offset) / divisor⌋ rows and columns.
  case map(offset: Int, divisor: Int)
  /// One row and one column: a vector of features.
  case one

  private static let maximumDivisor = 1 << 40

  static let image = Extent.map(offset: 0, divisor: 1)

  /// Rows and columns for images of `resolution × resolution`; 0 if a window does not fit.
  func size(_ resolution: Int) -> Int {
    switch self {
    case .one: 1
    case .map(let offset, let divisor): max(0, resolution + offset) / divisor
    }
  }

  /// The extent ⌊(size + offset) / divisor⌋.
  func divided(offset added: Int, by factor: Int) throws(ShapeMismatch) -> Extent {
    guard case .map(let offset, let divisor) = self else {
      throw ShapeMismatch("it reads a map and gets features")
    }
    try ShapeMismatch.check(
      factor <= Self.maximumDivisor / divisor,
      "the strides up to it shrink images by more than \(Self.maximumDivisor)")
    return .map(offset: offset + added * divisor, divisor: divisor * factor)
  }

  package var description: String {
    switch self {
    case .one: return "1×1"
    case .map(let offset, let divisor):
      let size = offset == 0 ? "n" : offset > 0 ? "(n + \(offset))" : "(n − \(-offset))"
      return divisor == 1 ? "size \(size)" : "size ⌊\(size) / \(divisor)⌋"
    }
  }
}
