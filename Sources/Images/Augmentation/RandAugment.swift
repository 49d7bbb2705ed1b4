import Common

/// A few random operations of fixed magnitude (Cubuk et al., "RandAugment", 2020).
///
/// Draws each operation and the sign of its magnitude.
package struct RandAugment: Augmentation, Equatable {
  package static let name = "RandAugment"
  package static let parameterNames = ["num_ops", "magnitude", "num_magnitude_bins"]

  static let space = AutoAugmentOperation.Space(
    shear: 0.3, translation: { 150.0 / 331 * Double($0) }, rotation: 30, factor: 0.9, bits: 4)

  /// The number of operations, applied one after the other.
  package let count: Int
  /// The bin of the magnitude, below `bins`.
  package let magnitude: Int
  package let bins: Int

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    count = try parameters.integer("num_ops", in: 0...100) ?? 2
    magnitude =
      try parameters.integer("magnitude", in: 0...AugmentationParameters.bins.upperBound) ?? 9
    bins = try parameters.integer("num_magnitude_bins", in: AugmentationParameters.bins) ?? 31
    guard magnitude < bins else {
      throw parameters.error("magnitude", "must be below num_magnitude_bins, \(bins)")
    }
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
    (0..<count).flatMap { _ in
      AutoAugmentOperation.draw(
        bin: magnitude, of: bins, in: Self.space, width: width, height: height, from: &random)
    }
  }
}
