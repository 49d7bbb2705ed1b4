import Common

/// Randomly rotates about the center; pixels from outside the image are black.
///
/// Draws the angle.
package struct RandomRotation: Augmentation, Equatable {
  package static let name = "RandomRotation"
  package static let parameterNames = ["degrees"]

  /// The range of angles in degrees, counterclockwise.
  package let degrees: ClosedRange<Double>

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    let all = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    guard let degrees = try parameters.range("degrees", around: 0, within: all) else {
      throw parameters.error("degrees", "must be given")
    }
    self.degrees = degrees
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
    [Rotate(angle: random.uniform(in: degrees))]
  }
}
