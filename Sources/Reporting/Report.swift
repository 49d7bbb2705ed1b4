import Common
import Results

/// The figures of one experiment.
package struct Report: Sendable {
  package let experiment: String
  /// The cells in grid order.
  package let rows: [ResultRow]
  /// The epochs of each cell by id; nil if they were not requested.
  package let history: [String: [EpochRecord]]?

  init(experiment: String, rows: [ResultRow], history: [String: [EpochRecord]]? = nil) {
    self.experiment = experiment
    self.rows = rows
    self.history = history
  }

  /// Reads an experiment's report; if `experiment` is nil, the only one's.
  ///
  /// Throws if the store cannot be read, or if there is no such experiment or the choice is
  /// ambiguous.
  package init(of experiment: String?, in store: Store, history: Bool = false) throws(SweepError) {
    self.experiment = try store.chooseExperiment(experiment)
    rows = try store.results(of: self.experiment)
    self.history =
      history
      ? Dictionary(grouping: try store.history(of: self.experiment), by: \.cell)
        .mapValues { $0.map(\.record) }
      : nil
  }

  /// The names of the further axes, in grid order.
  var axes: [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for row in rows {
      for axis in row.cell.axes where seen.insert(axis.name).inserted { names.append(axis.name) }
    }
    return names
  }
}
