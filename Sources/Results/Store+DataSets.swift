import Common
import Foundation
import GRDB

/// The images of runs and the predictions for them.
extension Store {
  /// Stores a data set's file list, one line `SHA-256 bytes name` per file, whose SHA-256 is the
  /// fingerprint.
  package func register(dataSet fingerprint: String, files: String) throws(SweepError) {
    try execute(
      "INSERT INTO data_sets (fingerprint, files) VALUES (?, ?) ON CONFLICT DO NOTHING",
      [fingerprint, files])
  }

  /// The file list of a data set; nil if unknown.
  package func files(ofDataSet fingerprint: String) throws(SweepError) -> String? {
    try rows("SELECT files FROM data_sets WHERE fingerprint = ?", [fingerprint]) {
      try $0.next() as String
    }.first
  }

  /// The file lists of all data sets used by runs.
  package func dataSets() throws(SweepError) -> [String] {
    try rows("SELECT files FROM data_sets") { try $0.next() }
  }

  /// Accepts other images for an experiment; `changes` has one line per file.
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

  /// Whether an experiment has accepted images other than its original ones.
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

  /// Stores the classes of a data set's validation images unless the fingerprint has them already.
  ///
  /// Sets with classes above 65535 are not stored.
  package func register(_ set: ValidationSet) throws(SweepError) {
    guard let labels = ClassList.data(set.labels) else { return }
    try execute(
      """
      INSERT INTO validation_sets (data_fingerprint, classes, labels) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING
      """, [set.dataFingerprint, JSON.array(set.classes.map(JSON.string)).text, labels])
  }

  /// The validation images used by an experiment's runs.
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

  /// Maps each cell's predictions after its last epoch, in grid order.
  ///
  /// Skips cells without predictions for the last epoch. Only one cell's predictions are in memory
  /// at a time.
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

package struct ValidationSet: Sendable, Equatable {
  package var dataFingerprint: String
  /// The class names, by index.
  package var classes: [String]
  /// The class of each validation image in data-set order, from 0 to 65535.
  package var labels: [Int32]

  package init(dataFingerprint: String, classes: [String], labels: [Int32]) {
    self.dataFingerprint = dataFingerprint
    self.classes = classes
    self.labels = labels
  }
}

/// A cell's predictions for the validation images after its last epoch.
package struct PredictionRecord: Sendable, Equatable {
  package let cell: String
  package let dataFingerprint: String
  /// The predicted class of each validation image in data-set order.
  package let classes: [Int32]
}

/// Classes in a BLOB, two little-endian bytes each.
enum ClassList {
  /// The bytes; nil if a class is outside 0 to 65535.
  static func data(_ classes: [Int32]) -> Data? {
    var data = Data(capacity: 2 * classes.count)
    for value in classes {
      guard let value = UInt16(exactly: value) else { return nil }
      data.append(UInt8(truncatingIfNeeded: value))
      data.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    return data
  }

  /// The classes; an odd last byte is ignored.
  static func classes(_ data: Data) -> [Int32] {
    data.withUnsafeBytes { bytes in
      (0..<bytes.count / 2).map { Int32(bytes[2 * $0]) | Int32(bytes[2 * $0 + 1]) << 8 }
    }
  }
}
