import Common
import Results

/// An experiment's data for figures and answers.
///
/// Impossible figures (an accuracy of 2, a latency of 0) are omitted, so that consumers can compute
/// with the rest.
package struct Evidence: Sendable {
  package let report: Report
  let claims: [Claim]
  /// How each cell classified the validation images, by cell id; cells without predictions are
  /// omitted.
  let outcomes: [String: Outcome]
  /// The validation images of the newest cells with predictions.
  let validation: ValidationSet?
  let machines: [String]
  /// The networks by model and further axes, in grid order.
  private(set) var series: [Series] = []

  struct Outcome: Sendable {
    /// The data set of the predictions.
    let dataFingerprint: String
    /// Whether the prediction is right, for each image.
    let isRight: [Bool]
    let balancedAccuracy: Double?
    /// The class that every image was classified as; nil if there are several.
    let onlyClass: String?

    init(_ record: PredictionRecord, _ set: ValidationSet) {
      dataFingerprint = record.dataFingerprint
      isRight = zip(record.classes, set.labels).map { $0 == $1 }
      balancedAccuracy = BalancedAccuracy.of(predictions: record.classes, labels: set.labels)
      let first = record.classes.first ?? 0
      let isConstant =
        record.classes.allSatisfy { $0 == first } && set.labels.contains { $0 != set.labels[0] }
      onlyClass =
        isConstant
        ? set.classes.indices.contains(Int(first)) ? set.classes[Int(first)] : "\(first)" : nil
    }
  }

  /// Reads an experiment; if `experiment` is nil, the only one.
  ///
  /// Throws if the store cannot be read, or if there is no such experiment or the choice is
  /// ambiguous.
  package init(
    of experiment: String?, in store: Store, history: Bool = true
  ) throws(SweepError) {
    report = try Report(of: experiment, in: store, history: history).plausible
    claims = try store.claims(of: report.experiment)
    let sets = try store.validationSets(of: report.experiment)
    var outcomes: [String: Outcome] = [:]
    var validation: ValidationSet?
    _ = try store.predictions(of: report.experiment) { record in
      guard let set = sets.first(where: { $0.dataFingerprint == record.dataFingerprint }),
        set.labels.count == record.classes.count
      else { return }
      validation = set
      outcomes[record.cell] = Outcome(record, set)
    }
    self.outcomes = outcomes
    self.validation = validation
    machines = try store.machines(of: report.experiment)
    var places: [String: Int] = [:]
    for row in report.rows {
      let name = Series.name(of: row.cell)
      let place = places[name, default: series.count]
      if place == series.count {
        places[name] = place
        series.append(Series(name: name, index: place))
      }
      series[place].add(row, balancedAccuracy: outcomes[row.cell.id]?.balancedAccuracy)
    }
  }

  package var experiment: String { report.experiment }
}

extension Report {
  /// The same report without impossible figures.
  var plausible: Report {
    Report(
      experiment: experiment, rows: rows.map(\.plausible),
      history: history?.mapValues { $0.compactMap(\.plausible) })
  }
}

extension EpochRecord {
  /// The same figures with NaN for impossible accuracies; nil for an impossible epoch.
  fileprivate var plausible: EpochRecord? {
    guard (1...1_000_000).contains(epoch) else { return nil }
    var record = self
    if !(0...1).contains(trainAccuracy) { record.trainAccuracy = .nan }
    record.valAccuracy = valAccuracy.flatMap { (0...1).contains($0) ? $0 : nil }
    return record
  }
}
