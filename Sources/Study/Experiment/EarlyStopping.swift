import Common
import Results

/// The experiment file's `early_stopping`: when to end a cell's training before its last epoch.
package struct EarlyStopping: Sendable, Equatable {
  package enum Metric: String, Sendable, CaseIterable {
    case valLoss = "val_loss"
    case valAccuracy = "val_accuracy"
  }

  struct State: Sendable, Equatable {
    var best: Double?
    var waited = 0
  }

  package let metric: Metric
  /// The number of epochs without improvement after which training ends, at least 1.
  package let patience: Int
  /// The smallest change that counts as an improvement, at least 0.
  package let minimumDelta: Double

  /// The keys; each can be a grid axis.
  static let axes: [(name: String, kind: Axis.Kind)] = [
    ("patience", .integer), ("metric", .name(of: "metric", Metric.allCases.map(\.rawValue))),
    ("min_delta", .number),
  ]

  /// Reads the section; nil if it is absent.
  init?(_ section: RecipeSection) throws(SweepError) {
    guard !section.isEmpty else { return nil }
    let name = try section["metric"]?.name(
      of: "metric", among: Metric.allCases.map(\.rawValue))
    metric = name.flatMap { Metric(rawValue: $0) } ?? .valLoss
    patience = try section.required("patience", advice: "how many epochs to wait, 5")
      .count("the patience")
    minimumDelta = try section["min_delta"]?.nonNegative("min_delta") ?? 0
  }

  /// Updates the state with an epoch; a missing figure or NaN is no improvement.
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
    return "\(metric.rawValue) has not improved for \(epochs)"
  }

  /// The settings that affect results, by key.
  var canonical: [String: String] {
    [
      "patience": "\(patience)", "metric": metric.rawValue.quoted, "min_delta": "\(minimumDelta)",
    ]
  }
}
