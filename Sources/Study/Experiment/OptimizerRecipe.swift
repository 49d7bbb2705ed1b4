import Common
import Engine

/// How weights follow gradients: the experiment file's `optimizer`.
///
/// Each optimizer's own settings are in its file in `Engine/Optimizers`.
package struct OptimizerRecipe: Sendable, Equatable {
  /// The optimizer's name in the file.
  package let name: String
  /// The optimizer with its constants.
  package let algorithm: any Optimizer
  /// The learning rate, above 0.
  package let learningRate: Double
  /// Whether one optimizer is kept for a (model, width, seed) over all resolutions, in the grid's
  /// order.
  package let carryOver: Bool

  /// The optimizers' names.
  static let names = Optimizers.forms.map(\.form.name)
  /// The keys of the section.
  static let keys = ["name", "lr"] + Optimizers.settings.map(\.key) + ["carry_over"]
  /// The keys that can be an axis of the grid.
  static let axes: [(name: String, kind: Axis.Kind)] =
    [("name", .name(of: "optimizer", names)), ("lr", .number)]
    + Optimizers.settings.map { ($0.key, Axis.Kind($0.kind)) }

  /// The optimizer of the section; Adam where none is named.
  init(_ section: RecipeSection) throws(SweepError) {
    let named = try section["name"]?.name(of: "optimizer", among: Self.names)
    let choice = Optimizers.forms.first { $0.form.name == named } ?? Optimizers.forms[0]
    name = choice.form.name
    try section.check(
      only: ["name", "lr"] + choice.form.settings.map(\.key) + ["carry_over"], of: name)
    carryOver = try section["carry_over"]?.boolean() ?? false
    learningRate =
      try section["lr"]?.positive("the learning rate") ?? choice.form.learningRate
    algorithm = try choice.type.init(name: name, settings: section.settings)
  }

  /// The settings that affect results, by path.
  var canonical: [String: String] {
    ["name": name.quoted, "lr": "\(learningRate)", "carry_over": "\(carryOver)"]
      .merging(algorithm.canonical) { $1 }
  }

  /// Whether two optimizers have the same name and settings.
  package static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.learningRate == right.learningRate
      && left.carryOver == right.carryOver && left.algorithm.isEqual(to: right.algorithm)
  }
}

extension Axis.Kind {
  fileprivate init(_ kind: OptimizerSetting.Kind) {
    self =
      switch kind {
      case .number: .number
      case .numbers: .numbers
      case .boolean: .boolean
      }
  }
}
