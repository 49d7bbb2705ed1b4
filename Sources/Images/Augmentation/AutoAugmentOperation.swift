import Common
import ElementaryFunctions

/// The operations among which `TrivialAugmentWide` and `RandAugment` choose, in torchvision's order.
enum AutoAugmentOperation: String, CaseIterable {
  case identity, shearX, shearY, translateX, translateY, rotate, brightness, color, contrast
  case sharpness, posterize, solarize, autoContrast, equalize

  /// The largest magnitudes of a set of augmentations.
  struct Space: Sendable {
    /// The tangent of the shear.
    let shear: Double
    /// The translation in pixels along a side of the given length.
    let translation: @Sendable (_ length: Int) -> Double
    /// Degrees.
    let rotation: Double
    /// The change of a factor.
    let factor: Double
    /// The bits that `posterize` removes.
    let bits: Float
  }

  /// The magnitude in bin `bin` of `bins`; nil for operations without one.
  func magnitude(
    _ bin: Int, of bins: Int, in space: Space, width: Int, height: Int
  ) -> Double? {
    func upTo(_ limit: Double) -> Double { Double(Float.linspace(0, limit, bins, bin)) }
    switch self {
    case .identity, .autoContrast, .equalize: return nil
    case .shearX, .shearY: return upTo(space.shear)
    case .translateX: return upTo(space.translation(width))
    case .translateY: return upTo(space.translation(height))
    case .rotate: return upTo(space.rotation)
    case .brightness, .color, .contrast, .sharpness: return upTo(space.factor)
    case .posterize:
      let removed = Float(bin) / Float(Double(bins - 1) / Double(space.bits))
      return Double((8 - removed).rounded(.toNearestOrEven))
    case .solarize: return Double(Float.linspace(1, 0, bins, bin))
    }
  }

  /// Whether half of the magnitudes become negative.
  var isSigned: Bool {
    switch self {
    case .shearX, .shearY, .translateX, .translateY, .rotate: true
    case .brightness, .color, .contrast, .sharpness: true
    case .identity, .posterize, .solarize, .autoContrast, .equalize: false
    }
  }

  func operations(_ magnitude: Double) -> [any ImageOperation] {
    func shear(_ direction: SIMD2<Double>) -> Affine {
      let degrees = Double.atan(magnitude) * (180 / Double.pi)
      return Affine(angle: 0, shear: degrees * direction, center: .zero)
    }
    switch self {
    case .identity: return []
    case .shearX: return [shear(SIMD2(1, 0))]
    case .shearY: return [shear(SIMD2(0, 1))]
    case .translateX: return [Affine(angle: 0, translation: SIMD2(Int(magnitude), 0))]
    case .translateY: return [Affine(angle: 0, translation: SIMD2(0, Int(magnitude)))]
    case .rotate: return [Rotate(angle: magnitude)]
    case .brightness: return [AdjustBrightness(factor: 1 + magnitude)]
    case .color: return [AdjustSaturation(factor: 1 + magnitude)]
    case .contrast: return [AdjustContrast(factor: 1 + magnitude)]
    case .sharpness: return [AdjustSharpness(factor: 1 + magnitude)]
    case .posterize: return [Posterize(bits: Int(magnitude))]
    case .solarize: return [Solarize(threshold: 255 * magnitude)]
    case .autoContrast: return [AutoContrast()]
    case .equalize: return [Equalize()]
    }
  }

  /// Draws an operation, the bin of its magnitude if `bin` is nil, and its sign.
  static func draw(
    bin: Int?, of bins: Int, in space: Space, width: Int, height: Int,
    from random: inout CounterRandom
  ) -> [any ImageOperation] {
    let operation = allCases[Int(random.below(UInt32(allCases.count)))]
    let chosen = bin ?? Int(random.below(UInt32(bins)))
    guard
      let magnitude = operation.magnitude(
        chosen, of: bins, in: space, width: width, height: height)
    else { return operation.operations(0) }
    let isNegative = operation.isSigned && random.uniform() <= 0.5
    return operation.operations(isNegative ? -magnitude : magnitude)
  }
}
