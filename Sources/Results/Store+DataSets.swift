import Common
import Foundation
import GRDB

/// What the images of runs were, and what was predicted for them.
extension Store {
  /// Keeps the list of a data set's files, a line `SHA-256 bytes name` each, whose SHA-256 is the
  /// fingerprint.
  package func register(dataSet fingerprint: String, files: String) throws(SweepError) {
    try execute(
      "INSERT INTO data_sets (fingerprint, files) VALUES (?, ?) ON CONFLICT DO NOTHING",
      [fingerprint, files])
  }

  /// The list of files of the data set with that fingerprint; nil where it is not known.
  package func files(ofDataSet fingerprint: String) throws(SweepError) -> String? {
    try rows("SELECT files FROM data_sets WHERE fingerprint = ?", [fingerprint]) {
      try $0.next() as String
    }.first
  }

  /// The lists of files of all data sets that runs saw.
  package func dataSets() throws(SweepError) -> [String] {
    try rows("SELECT files FROM data_sets") { try $0.next() }
  }

  /// Records that an experiment may go on with the images of that fingerprint; `changes` has a line
  /// for each file.
  package func accept(
    dataSet fingerprint: String, changes: String, for experiment: String
  ) throws(SweepError) {
    try execute(
      """
      INSERT INTO data_changes (experiment_id, data_fingerprint, changes)
      SELECT id, ?, ? FROM experiments WHERE name = ?
      ON CONFLICT DO NOTHING
      """, [fingerprint, changes, experiment])
  }

  /// Whether an experiment may go on with the images of that fingerprint, although it began with
  /// others.
  package func accepts(
    dataSet fingerprint: String, for experiment: String
  ) throws(SweepError) -> Bool {
    try rows(
      """
      SELECT count(*) FROM data_changes AS d JOIN experiments AS x ON x.id = d.experiment_id
      WHERE x.name = ? AND d.data_fingerprint = ?
      """, [experiment, fingerprint]
    ) { try $0.next() as Bool }.first ?? false
  }

  /// Keeps the classes of a data set's validation images; what is known of that fingerprint already
  /// stays.
  ///
  /// A set with classes beyond 65535 is not kept.
  package func register(_ set: ValidationSet) throws(SweepError) {
    guard let labels = ClassList.data(set.labels) else { return }
    try execute(
      """
      INSERT INTO validation_sets (data_fingerprint, classes, labels) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING
      """, [set.dataFingerprint, JSON.array(set.classes.map(JSON.string)).text, labels])
  }

  /// The validation images of the data sets that an experiment's runs saw.
  package func validationSets(of experiment: String) throws(SweepError) -> [ValidationSet] {
    try rows(
      """
      SELECT v.data_fingerprint, v.classes, v.labels FROM validation_sets AS v
      WHERE v.data_fingerprint IN (
        SELECT r.data_fingerprint FROM runs AS r
        JOIN cells AS c ON c.id = r.cell_id JOIN experiments AS x ON x.id = c.experiment_id
        WHERE x.name = ?)
      ORDER BY v.data_fingerprint
      """, [experiment]
    ) { row in
      let (fingerprint, names): (String, String) = (try row.next(), try row.next())
      return ValidationSet(
        dataFingerprint: fingerprint,
        classes: try JSONField(parsing: Array(names.utf8), file: path).elements().map {
          try $0.string()
        },
        labels: ClassList.classes(try row.next()))
    }
  }

  /// What `make` makes of each cell's predictions after its last epoch, in the grid's order.
  ///
  /// A cell whose last epoch has no predictions is not among them. One cell's are in memory at a
  /// time.
  package func predictions<Value>(
    of experiment: String, _ make: (PredictionRecord) throws -> Value
  ) throws(SweepError) -> [Value] {
    try rows(
      """
      SELECT c.name, r.data_fingerprint, p.classes
      FROM experiments AS x
      JOIN cells AS c ON c.experiment_id = x.id
      JOIN epochs AS e ON e.id =
        (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0
         ORDER BY epoch DESC LIMIT 1)
      JOIN runs AS r ON r.id = e.run_id
      JOIN predictions AS p ON p.run_id = e.run_id AND p.epoch = e.epoch
      WHERE x.name = ? ORDER BY c.position IS NULL, c.position, c.id
      """, [experiment]
    ) { row in
      try make(
        PredictionRecord(
          cell: row.next(), dataFingerprint: row.next(), classes: ClassList.classes(row.next())))
    }
  }
}

/// The classes of a data set's validation images.
package struct ValidationSet: Sendable, Equatable {
  package var dataFingerprint: String
  /// The names of the classes, by number.
  package var classes: [String]
  /// The class of each validation image in the data set's order, from 0 to 65535.
  package var labels: [Int32]

  package init(dataFingerprint: String, classes: [String], labels: [Int32]) {
    self.dataFingerprint = dataFingerprint
    self.classes = classes
    self.labels = labels
  }
}

/// What a cell predicted for the validation images after its last epoch.
package struct PredictionRecord: Sendable, Equatable {
  /// The cell's id.
  package let cell: String
  package let dataFingerprint: String
  /// The predicted class of each validation image in the data set's order.
  package let classes: [Int32]
}

/// A list of classes as a BLOB: two bytes each, the low one first.
enum ClassList {
  /// The bytes; nil where a class is not in 0 to 65535.
  static func data(_ classes: [Int32]) -> Data? {
    var data = Data(capacity: 2 * classes.count)
    for value in classes {
      guard let value = UInt16(exactly: value) else { return nil }
      data.append(UInt8(truncatingIfNeeded: value))
      data.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    return data
  }

  /// The classes in the bytes; an odd byte at the end is none.
  static func classes(_ data: Data) -> [Int32] {
    data.withUnsafeBytes { bytes in
      (0..<bytes.count / 2).map { Int32(bytes[2 * $0]) | Int32(bytes[2 * $0 + 1]) << 8 }
    }
  }
}
