import Common
import GRDB

extension Store {
  /// Keeps the list of a data set's files, a line `SHA-256 bytes name` each, whose SHA-256 is the
  /// fingerprint.
  package func register(dataSet fingerprint: String, files: String) throws(SweepError) {
    try write { db in
      try db.execute(
        sql: "INSERT INTO data_sets (fingerprint, files) VALUES (?, ?) ON CONFLICT DO NOTHING",
        arguments: [fingerprint, files])
    }
  }

  /// The list of files of the data set with that fingerprint; nil where it is not known.
  package func files(ofDataSet fingerprint: String) throws(SweepError) -> String? {
    try fetch { db in
      try String.fetchOne(
        db, sql: "SELECT files FROM data_sets WHERE fingerprint = ?", arguments: [fingerprint])
    }
  }

  /// The lists of files of all data sets that runs saw.
  package func dataSets() throws(SweepError) -> [String] {
    try fetch { try String.fetchAll($0, sql: "SELECT files FROM data_sets") }
  }

  /// Records that an experiment may go on with the images of that fingerprint; `changes` has a line
  /// a file.
  package func accept(
    dataSet fingerprint: String, changes: String, for experiment: String
  ) throws(SweepError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO data_changes (experiment_id, data_fingerprint, changes)
          SELECT id, ?, ? FROM experiments WHERE name = ?
          ON CONFLICT DO NOTHING
          """,
        arguments: [fingerprint, changes, experiment])
    }
  }

  /// Whether an experiment may go on with the images of that fingerprint, though it began with
  /// others.
  package func accepts(
    dataSet fingerprint: String, for experiment: String
  ) throws(SweepError) -> Bool {
    try fetch { db in
      try Bool.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM data_changes AS d JOIN experiments AS x ON x.id = d.experiment_id
          WHERE x.name = ? AND d.data_fingerprint = ?
          """,
        arguments: [experiment, fingerprint]) ?? false
    }
  }
}
