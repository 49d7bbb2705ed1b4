import Common

/// A random operation on training images, under torchvision's name and with torchvision's
/// parameters.
///
/// A further operation is a type of its own and a line in `Augmentations.all`.
public protocol Augmentation: Sendable {
  /// The name in the experiment file: torchvision's class.
  static var name: String { get }
  /// The names of its parameters: torchvision's arguments.
  static var parameterNames: [String] { get }

  /// The operation with the given parameters and torchvision's defaults for the others.
  ///
  /// Throws what torchvision refuses, located by operation and parameter
  /// (`ColorJitter.brightness`).
  init(parameters: [String: ParameterValue]) throws(SweepError)

  /// Decides by chance what is to be done to a picture of `width × height`.
  func draw(width: Int, height: Int, from random: inout CounterRandom) -> [any ImageOperation]
}

/// The operations there are.
public enum Augmentations {
  /// Every operation, in the order in which lists of names show them.
  public static let all: [any Augmentation.Type] = [
    RandomHorizontalFlip.self, ColorJitter.self, RandomAffine.self,
  ]

  /// The names of all operations.
  public static var names: [String] { all.map { $0.name } }

  /// The parameters of the operation `name`; nil where there is no such operation.
  public static func parameterNames(of name: String) -> [String]? {
    all.first { $0.name == name }?.parameterNames
  }

  /// The operation `name` with the given parameters.
  ///
  /// Throws a `SweepError` for an unknown name, with the nearest valid one, and what the
  /// operation's `init` throws.
  public static func make(_ name: String, parameters: [String: ParameterValue]) throws(SweepError)
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
