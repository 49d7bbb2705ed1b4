import Common

/// An operation on images, random or not, with torchvision's name and parameters.
///
/// To add one, write a type that conforms and list it in `Augmentations.all`.
package protocol Augmentation: Sendable {
  /// The name in the experiment file: torchvision's class.
  static var name: String { get }
  /// The parameter names: torchvision's arguments.
  static var parameterNames: [String] { get }
  /// Whether it makes random draws; if not, it can prepare validation images too. Default: true.
  static var isRandom: Bool { get }
  /// Whether it changes the normalized image, not the one before it. Default: false.
  static var followsNormalize: Bool { get }

  /// Creates the operation; missing parameters take torchvision's defaults.
  ///
  /// Throws for values that torchvision rejects, located by operation and parameter
  /// (`ColorJitter.brightness`).
  init(parameters: [String: ParameterValue]) throws(SweepError)

  /// Draws the operations for an image of `width × height` pixels; the network's input has
  /// `resolution × resolution`.
  ///
  /// Throws `.badInput` without a location for an image of an impossible size.
  func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) throws(SweepError) -> [any ImageOperation]

  /// Draws the operations on the normalized image. Default: none.
  func drawAfterNormalize(
    resolution: Int, from random: inout CounterRandom
  ) -> [any TensorOperation]
}

extension Augmentation {
  package static var isRandom: Bool { true }
  package static var followsNormalize: Bool { false }

  package func drawAfterNormalize(
    resolution: Int, from random: inout CounterRandom
  ) -> [any TensorOperation] { [] }
}

package enum Augmentations {
  /// All augmentations, in display order.
  package static let all: [any Augmentation.Type] = [
    RandomHorizontalFlip.self, ColorJitter.self, RandomAffine.self, RandomResizedCrop.self,
    RandomRotation.self, RandomGrayscale.self, GaussianBlur.self, TrivialAugmentWide.self,
    RandAugment.self, RandomErasing.self, ResizeShorterSide.self, CenterCrop.self,
  ]

  package static var names: [String] { all.map { $0.name } }

  /// The names of those without random draws.
  package static var fixed: [String] { all.filter { !$0.isRandom }.map { $0.name } }

  package static func parameterNames(of name: String) -> [String]? {
    all.first { $0.name == name }?.parameterNames
  }

  /// Throws for an unknown name, with the nearest valid one, and for invalid parameters.
  package static func make(_ name: String, parameters: [String: ParameterValue]) throws(SweepError)
    -> any Augmentation
  {
    guard let type = all.first(where: { $0.name == name }) else {
      throw SweepError(
        .badInput, at: name, "unknown operation",
        advice: Spelling.advice(for: name, among: names))
    }
    return try type.init(parameters: parameters)
  }
}
