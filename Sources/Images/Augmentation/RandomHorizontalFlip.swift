import Common

/// Flips the image horizontally with probability `p`.
///
/// Draws one number u in [0, 1) and flips if u < p.
package struct RandomHorizontalFlip: Augmentation, Equatable {
  package static let name = "RandomHorizontalFlip"
  package static let parameterNames = ["p"]

  package let p: Double

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    p = try parameters.number("p", in: 0...1, default: 0.5)
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
    random.uniform() < p ? [HorizontalFlip()] : []
  }
}
