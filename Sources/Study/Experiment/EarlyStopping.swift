import Common
import Results

/// When a cell's training ends before its last epoch: the experiment file's `early_stopping`.
package struct EarlyStopping: Sendable, Equatable {
  package enum Metric: String, Sendable, CaseIterable {
    case valLoss = "val_loss"
    case valAccuracy = "val_accuracy"
  }

  struct State: Sendable, Equatable {
    /// The best value; nil before the first epoch.
    var best: Double?
    var waited = 0
  }

  package let metric: Metric
  /// After how many epochs that are no better training ends, at least 1.
  package let patience: Int
  /// By more than how much a value must be better to count, at least 0.
  package let minimumDelta: Double

  /// The keys, all of which can be an axis of the grid.
  static let axes: [(name: String, kind: Axis.Kind)] = [
    ("patience", .integer), ("metric", .name(of: "metric", Metric.allCases.map(\.rawValue))),
    ("min_delta", .number),
  ]

  /// What the section says; nil where it is absent.
  init?(_ section: RecipeSection) throws(SweepError) {
    guard !section.isEmpty else { return nil }
    let name = try section["metric"]?.name(
      of: "metric", among: Metric.allCases.map(\.rawValue))
    metric = name.flatMap { Metric(rawValue: $0) } ?? .valLoss
    patience = try section.required("patience", advice: "how many epochs to wait, 5")
      .count("the patience")
    minimumDelta = try section["min_delta"]?.nonNegative("min_delta") ?? 0
  }

  /// Takes an epoch in; a figure that is absent or not a number is no better.
  func take(_ record: EpochRecord, into state: inout State) {
    let value = metric == .valLoss ? record.valLoss : record.valAccuracy
    state.waited += 1
    guard let value, value.isFinite else { return }
    let gain = (value - (state.best ?? value)) * (metric == .valLoss ? -1 : 1)
    if state.best == nil || gain > minimumDelta { state = State(best: value) }
  }

  func reason(_ state: State) -> String? {
    guard state.waited >= patience else { return nil }
    let epochs = Format.count(patience, "epoch")
    return "\(metric.rawValue) has not got better in \(epochs)"
  }

  /// The settings that affect results, by key.
  var canonical: [String: String] {
    [
      "patience": "\(patience)", "metric": metric.rawValue.quoted, "min_delta": "\(minimumDelta)",
    ]
  }
}
