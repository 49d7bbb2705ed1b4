import Common

/// An optimizer with its constants: its settings in the experiment file, its state, and its update.
///
/// Each has one file with all of this. `Optimizers.all` lists them; nothing else names them, except
/// an engine that writes the update in its device's own language.
package protocol Optimizer: Sendable, Equatable {
  /// The names in the experiment file that stand for it.
  static var forms: [OptimizerForm] { get }

  /// The optimizer called `name`, one of its forms; settings that are absent have their defaults.
  ///
  /// `settings` may hold settings of other optimizers. Throws where one of its own is out of range.
  init(name: String, settings: [String: JSONField]) throws(SweepError)

  /// The settings that affect results, as JSON by key; one that a default leaves without effect may
  /// be absent.
  var canonical: [String: String] { get }

  /// What it keeps for each parameter.
  var slots: [OptimizerSlot] { get }

  /// Changes the parameters by one step, in host memory.
  func update(_ step: OptimizerStep)
}

/// The optimizers.
package enum Optimizers {
  /// Every optimizer: to add one, add its type here.
  package static let all: [any Optimizer.Type] = [Adam.self, SGD.self, RMSprop.self]

  /// Every name in the experiment file with its optimizer.
  package static let forms: [(form: OptimizerForm, type: any Optimizer.Type)] =
    all.flatMap { type in type.forms.map { ($0, type) } }

  /// The settings of all optimizers, each once.
  package static let settings: [OptimizerSetting] = forms.flatMap(\.form.settings).reduce(
    into: []
  ) { all, setting in
    if !all.contains(setting) { all.append(setting) }
  }
}

/// A name that the experiment file has for an optimizer.
package struct OptimizerForm: Sendable {
  package var name: String
  /// The learning rate where none is given.
  package var learningRate: Double
  package var settings: [OptimizerSetting]
}

/// A setting of an optimizer in the experiment file.
package struct OptimizerSetting: Sendable, Equatable {
  package enum Kind: Sendable {
    case number, numbers, boolean
  }

  package var key: String
  package var kind: Kind

  static func number(_ key: String) -> Self { Self(key: key, kind: .number) }
  static func numbers(_ key: String) -> Self { Self(key: key, kind: .numbers) }
  static func boolean(_ key: String) -> Self { Self(key: key, kind: .boolean) }
}

/// An array that an optimizer keeps, with one element for each parameter.
package struct OptimizerSlot: Sendable, Equatable {
  /// PyTorch's name for it, `exp_avg`.
  package var name: String
  /// The value of its elements before the first step.
  package var initial: Float = 0
}

extension Optimizer {
  /// Whether another optimizer is of the same type and has the same constants.
  package func isEqual(to other: any Optimizer) -> Bool { (other as? Self) == self }
}
