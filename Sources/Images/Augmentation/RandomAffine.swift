import Common

/// Randomly rotates, translates, scales and shears; pixels from outside the image are black.
///
/// Draws the angle, then, for each parameter that is given, the translation along x and y (uniform
/// within ±fraction of the size, rounded half to even), the scale, and the shear along x and y.
package struct RandomAffine: Augmentation, Equatable {
  package static let name = "RandomAffine"
  package static let parameterNames = ["degrees", "translate", "scale", "shear"]

  /// The range of angles in degrees, clockwise.
  package let degrees: ClosedRange<Double>
  /// The maximum translation along x and y as fractions of width and height.
  package let translate: SIMD2<Double>?
  package let scale: ClosedRange<Double>?
  /// The range of shears along x in degrees.
  package let shearX: ClosedRange<Double>?
  /// The range of shears along y in degrees.
  package let shearY: ClosedRange<Double>?

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    let all = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    guard let degrees = try parameters.range("degrees", around: 0, within: all) else {
      throw parameters.error("degrees", "must be given")
    }
    self.degrees = degrees

    translate = try parameters.list("translate", counts: [2]).map { fractions in
      SIMD2(fractions[0], fractions[1])
    }
    if let translate, !(0...1).contains(translate.x) || !(0...1).contains(translate.y) {
      throw parameters.error("translate", "must lie from 0 to 1")
    }

    if let ends = try parameters.list("scale", counts: [2]) {
      guard ends[0] > 0, ends[1] > 0 else {
        throw parameters.error("scale", "must be above 0")
      }
      scale = try parameters.ends("scale", ends[0], ends[1], within: all)
    } else {
      scale = nil
    }

    // One or two numbers apply to x only, four to x and y.
    if parameters.isList("shear"), let ends = try parameters.list("shear", counts: [2, 4]) {
      shearX = try parameters.ends("shear", ends[0], ends[1], within: all)
      shearY = ends.count == 4 ? try parameters.ends("shear", ends[2], ends[3], within: all) : nil
    } else {
      shearX = try parameters.range("shear", around: 0, within: all)
      shearY = nil
    }
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
    let angle = random.uniform(in: degrees)
    var translation = SIMD2<Int>.zero
    if let translate {
      func pixels(_ limit: Double) -> Int {
        Int(random.uniform(in: -limit...limit).rounded(.toNearestOrEven))
      }
      translation.x = pixels(translate.x * Double(width))
      translation.y = pixels(translate.y * Double(height))
    }
    let factor = scale.map { random.uniform(in: $0) } ?? 1
    let shear = SIMD2(
      shearX.map { random.uniform(in: $0) } ?? 0, shearY.map { random.uniform(in: $0) } ?? 0)
    return [Affine(angle: angle, translation: translation, scale: factor, shear: shear)]
  }
}
