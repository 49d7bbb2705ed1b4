import Common
import Engine
import Weights

/// The experiment file's `gradient_clipping`.
extension GradientClipping {
  /// The keys of the section.
  static let keys = ["norm", "value"]
  /// The keys that can be an axis of the grid: all.
  static let axes: [(name: String, kind: Axis.Kind)] = [("norm", .number), ("value", .number)]

  /// What the section says; nil where it is absent.
  init?(_ section: RecipeSection) throws(SweepError) {
    guard !section.isEmpty else { return nil }
    switch (section["norm"], section["value"]) {
    case (let norm?, nil): self = .norm(try norm.positive("the largest norm"))
    case (nil, let value?): self = .value(try value.positive("the largest value"))
    default:
      throw section.error(
        "gradients are bounded by norm or by value", advice: "write {\"norm\": 1.0}")
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
