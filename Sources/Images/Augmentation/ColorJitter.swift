import Common

/// Randomly changes brightness, contrast, saturation and hue, in random order.
///
/// Draws a permutation of the four, then a uniform factor for each one that has a range, in the fixed
/// order brightness, contrast, saturation, hue.
package struct ColorJitter: Augmentation, Equatable {
  package static let name = "ColorJitter"
  package static let parameterNames = ["brightness", "contrast", "saturation", "hue"]

  /// The ranges of factors; nil leaves the quantity unchanged.
  package let brightness, contrast, saturation: ClosedRange<Double>?
  /// The range of hue rotations, within -0.5…0.5 of the circle; nil leaves hue unchanged.
  package let hue: ClosedRange<Double>?

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
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

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
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
