import Common

/// Flips the image horizontally with probability `p`.
///
/// Draws one number u in [0, 1) and flips if u < p.
public struct RandomHorizontalFlip: Augmentation, Equatable {
  /// torchvision's name.
  public static let name = "RandomHorizontalFlip"
  /// torchvision's arguments.
  public static let parameterNames = ["p"]

  /// The probability of a flip.
  public let p: Double

  /// Creates the augmentation; throws for values that torchvision refuses.
  public init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    p = try parameters.number("p", in: 0...1, default: 0.5)
  }

  /// Draws the operation for one image.
  public func draw(width: Int, height: Int, from random: inout CounterRandom)
    -> [any ImageOperation]
  {
    random.uniform() < p ? [HorizontalFlip()] : []
  }
}
