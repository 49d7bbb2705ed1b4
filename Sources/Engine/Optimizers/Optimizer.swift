import Common

/// An optimizer with its constants: its settings, state and update.
///
/// Each has one file. `Optimizers.all` lists them; nothing else names them, except an engine that
/// implements the update in its device's language.
package protocol Optimizer: Sendable, Equatable {
  /// Its names in the experiment file.
  static var forms: [OptimizerForm] { get }

  /// Creates the optimizer called `name`, one of its forms; missing settings have defaults.
  ///
  /// `settings` may include other optimizers' settings. Throws if one of its own is out of range.
  init(name: String, settings: [String: JSONField]) throws(SweepError)

  /// The settings that affect results, as JSON by key; settings without effect may be omitted.
  var canonical: [String: String] { get }

  /// The state per parameter.
  var slots: [OptimizerSlot] { get }

  /// Updates the parameters by one step in host memory.
  func update(_ step: OptimizerStep)
}

package enum Optimizers {
  /// Every optimizer: add new types here.
  package static let all: [any Optimizer.Type] = [Adam.self, SGD.self, RMSprop.self]

  /// Every name in the experiment file with its optimizer.
  package static let forms: [(form: OptimizerForm, type: any Optimizer.Type)] =
    all.flatMap { type in type.forms.map { ($0, type) } }

  /// The distinct settings of all optimizers.
  package static let settings: [OptimizerSetting] = forms.flatMap(\.form.settings).reduce(
    into: []
  ) { all, setting in
    if !all.contains(setting) { all.append(setting) }
  }
}

/// An optimizer's name in the experiment file.
package struct OptimizerForm: Sendable {
  package var name: String
  /// The default learning rate.
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

/// A state array with one element per parameter.
package struct OptimizerSlot: Sendable, Equatable {
  /// PyTorch's name, `exp_avg`.
  package var name: String
  /// The value before the first step.
  package var initial: Float = 0
}

extension Optimizer {
  /// Whether another optimizer has the same type and constants.
  package func isEqual(to other: any Optimizer) -> Bool { (other as? Self) == self }
}
