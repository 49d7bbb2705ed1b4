import Common

/// A random operation on training images, with torchvision's name and parameters.
///
/// To add one, write a type that conforms and list it in `Augmentations.all`.
package protocol Augmentation: Sendable {
  /// The name in the experiment file: torchvision's class.
  static var name: String { get }
  /// The parameter names: torchvision's arguments.
  static var parameterNames: [String] { get }

  /// Creates the operation; missing parameters take torchvision's defaults.
  ///
  /// Throws for values that torchvision rejects, located by operation and parameter
  /// (`ColorJitter.brightness`).
  init(parameters: [String: ParameterValue]) throws(SweepError)

  func draw(width: Int, height: Int, from random: inout CounterRandom) -> [any ImageOperation]
}

package enum Augmentations {
  /// All augmentations, in display order.
  package static let all: [any Augmentation.Type] = [
    RandomHorizontalFlip.self, ColorJitter.self, RandomAffine.self,
  ]

  package static var names: [String] { all.map { $0.name } }

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
