import Common

/// Random brightness, contrast, saturation and hue, in random order.
///
/// Draws a permutation of (brightness, contrast, saturation, hue), then the factor of each of the
/// four that has a range, in that fixed order, uniform in its range.
public struct ColorJitter: Augmentation, Equatable {
  /// torchvision's name.
  public static let name = "ColorJitter"
  /// torchvision's arguments.
  public static let parameterNames = ["brightness", "contrast", "saturation", "hue"]

  /// The range of brightness factors; nil leaves the brightness alone.
  public let brightness: ClosedRange<Double>?
  /// The range of contrast factors; nil leaves the contrast alone.
  public let contrast: ClosedRange<Double>?
  /// The range of saturation factors; nil leaves the saturation alone.
  public let saturation: ClosedRange<Double>?
  /// The range of turns of the hue, within -0.5…0.5 of the circle; nil leaves the hue alone.
  public let hue: ClosedRange<Double>?

  /// The operation with the given parameters; throws what torchvision refuses.
  public init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    func factors(_ name: String) throws(SweepError) -> ClosedRange<Double>? {
      let range = try parameters.range(name, around: 1, floor: 0, within: 0...(.infinity))
      return range == 1...1 ? nil : range
    }
    brightness = try factors("brightness")
    contrast = try factors("contrast")
    saturation = try factors("saturation")
    let turns = try parameters.range("hue", around: 0, within: -0.5...0.5)
    hue = turns == 0...0 ? nil : turns
  }

  /// Decides what is to be done to one picture.
  public func draw(width: Int, height: Int, from random: inout CounterRandom)
    -> [any ImageOperation]
  {
    let order = random.permutation(of: 4)
    let drawn: [(any ImageOperation)?] = [
      brightness.map { AdjustBrightness(factor: random.uniform(in: $0)) },
      contrast.map { AdjustContrast(factor: random.uniform(in: $0)) },
      saturation.map { AdjustSaturation(factor: random.uniform(in: $0)) },
      hue.map { AdjustHue(factor: random.uniform(in: $0)) },
    ]
    return order.compactMap { drawn[$0] }
  }
}
