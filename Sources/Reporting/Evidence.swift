import Common
import Results

/// All that the store holds of an experiment for its figures and answers.
public struct Evidence: Sendable {
  /// The cells and their epochs.
  public let report: Report
  /// What each cell made of the validation images, by cell id; cells without predictions are
  /// missing.
  let outcomes: [String: Outcome]
  /// The validation images of the newest cells that have predictions.
  let validation: ValidationSet?
  /// The newest runs' machines, each once.
  let machines: [String]

  /// Which validation images a cell classified rightly.
  struct Outcome: Sendable {
    /// The data set they belong to.
    let dataFingerprint: String
    /// By image: whether the prediction is the image's class.
    let isRight: [Bool]
    /// The mean recall of the classes.
    let balancedAccuracy: Double?
  }

  /// Reads an experiment; the only one where `experiment` is nil.
  ///
  /// Throws where the store cannot be read, holds no experiment, none of that name, or several and
  /// none was named.
  public init(of experiment: String?, in store: Store) throws(SweepError) {
    report = try Report(of: experiment, in: store, history: true)
    let sets = try store.validationSets(of: report.experiment)
    var outcomes: [String: Outcome] = [:]
    var validation: ValidationSet?
    for record in try store.predictions(of: report.experiment) {
      guard let set = sets.first(where: { $0.dataFingerprint == record.dataFingerprint }),
        set.labels.count == record.classes.count
      else { continue }
      validation = set
      outcomes[record.cell] = Outcome(
        dataFingerprint: record.dataFingerprint,
        isRight: zip(record.classes, set.labels).map { $0 == $1 },
        balancedAccuracy: BalancedAccuracy.of(predictions: record.classes, labels: set.labels))
    }
    self.outcomes = outcomes
    self.validation = validation
    machines = try store.machines(of: report.experiment)
  }

  /// The experiment's name.
  public var experiment: String { report.experiment }

  /// The networks of the grid, by model and further axes, in the grid's order.
  var series: [Series] {
    var series: [Series] = []
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
    return series
  }
}
