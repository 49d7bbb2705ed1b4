import Common
import Results

/// The figures of one experiment.
package struct Report: Sendable {
  package let experiment: String
  /// Its cells in the grid's order.
  package let rows: [ResultRow]
  /// The epochs of each cell by its id, in order; nil where they were not asked for.
  package let history: [String: [EpochRecord]]?

  init(experiment: String, rows: [ResultRow], history: [String: [EpochRecord]]? = nil) {
    self.experiment = experiment
    self.rows = rows
    self.history = history
  }

  /// Reads the report of an experiment; of the only one where `experiment` is nil.
  ///
  /// Throws where the store cannot be read, holds no experiment, none of that name, or several and
  /// none was named.
  package init(of experiment: String?, in store: Store, history: Bool = false) throws(SweepError) {
    self.experiment = try store.chooseExperiment(experiment)
    rows = try store.results(of: self.experiment)
    self.history =
      history
      ? Dictionary(grouping: try store.history(of: self.experiment), by: \.cell)
        .mapValues { $0.map(\.record) }
      : nil
  }

  /// The names of the further axes, in the order of the grid.
  var axes: [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for row in rows {
      for axis in row.cell.axes where seen.insert(axis.name).inserted { names.append(axis.name) }
    }
    return names
  }
}
