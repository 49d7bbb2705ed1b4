import Common

/// Flips the image horizontally with probability `p`.
///
/// Draws one number u in [0, 1) and flips if u < p.
package struct RandomHorizontalFlip: Augmentation, Equatable {
  /// torchvision's name.
  package static let name = "RandomHorizontalFlip"
  /// torchvision's arguments.
  package static let parameterNames = ["p"]

  /// The probability of a flip.
  package let p: Double

  /// Creates the augmentation; throws for values that torchvision refuses.
  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    p = try parameters.number("p", in: 0...1, default: 0.5)
  }

  /// Draws the operation for one image.
  package func draw(width: Int, height: Int, from random: inout CounterRandom)
    -> [any ImageOperation]
  {
    random.uniform() < p ? [HorizontalFlip()] : []
  }
}
