import Common
import Engine
import Weights

/// The experiment file's `optimizer`.
///
/// Each optimizer's own settings are in its file in `Engine/Optimizers`.
package struct OptimizerRecipe: Sendable, Equatable {
  package let name: String
  package let algorithm: any Optimizer
  package let learningRate: Double
  /// Whether a (model, width, seed) keeps one optimizer across resolutions, in grid order.
  package let carryOver: Bool

  static let names = Optimizers.forms.map(\.form.name)
  static let keys = ["name", "lr"] + Optimizers.settings.map(\.key) + ["carry_over"]
  /// The keys that can be a grid axis.
  static let axes: [(name: String, kind: Axis.Kind)] =
    [("name", .name(of: "optimizer", names)), ("lr", .number)]
    + Optimizers.settings.map { ($0.key, Axis.Kind($0.kind)) }

  /// Reads the section; the default is Adam.
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

/// The experiment file's `gradient_clipping`.
extension GradientClipping {
  /// The keys; each can be a grid axis.
  static let axes: [(name: String, kind: Axis.Kind)] = [("norm", .number), ("value", .number)]

  /// Reads the section; nil if it is absent.
  init?(_ section: RecipeSection) throws(SweepError) {
    guard !section.isEmpty else { return nil }
    switch (section["norm"], section["value"]) {
    case (let norm?, nil): self = .norm(try norm.positive("the largest norm"))
    case (nil, let value?): self = .value(try value.positive("the largest value"))
    default:
      throw section.error(
        "gradient_clipping needs either norm or value", advice: "write {\"norm\": 1.0}")
    }
  }

  /// The settings that affect results, by key.
  var canonical: [String: String] {
    switch self {
    case .norm(let most): ["norm": "\(most)"]
    case .value(let most): ["value": "\(most)"]
    }
  }
}
