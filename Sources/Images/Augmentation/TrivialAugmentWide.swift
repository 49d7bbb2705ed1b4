import Common

/// One random operation of random magnitude (Müller and Hutter, "TrivialAugment", 2021).
///
/// Draws the operation, the bin of its magnitude, and its sign.
package struct TrivialAugmentWide: Augmentation, Equatable {
  package static let name = "TrivialAugmentWide"
  package static let parameterNames = ["num_magnitude_bins"]

  static let space = AutoAugmentOperation.Space(
    shear: 0.99, translation: { _ in 32 }, rotation: 135, factor: 0.99, bits: 6)

  package let bins: Int

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    bins = try parameters.integer("num_magnitude_bins", in: AugmentationParameters.bins) ?? 31
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
    AutoAugmentOperation.draw(
      bin: nil, of: bins, in: Self.space, width: width, height: height, from: &random)
  }
}
