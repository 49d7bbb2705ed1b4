import Common
import Foundation
import GRDB

extension Store {
  /// Keeps the classes of a data set's validation images; what is known of that fingerprint already
  /// stays.
  ///
  /// A set with classes beyond 65535 is not kept.
  package func register(_ set: ValidationSet) throws(SweepError) {
    guard let labels = ClassList.data(set.labels) else { return }
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO validation_sets (data_fingerprint, classes, labels) VALUES (?, ?, ?)
          ON CONFLICT DO NOTHING
          """,
        arguments: [
          set.dataFingerprint, JSON.array(set.classes.map(JSON.string)).text, labels,
        ])
    }
  }

  /// The validation images of the data sets that an experiment's runs saw.
  package func validationSets(of experiment: String) throws(SweepError) -> [ValidationSet] {
    try fetch { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT v.data_fingerprint, v.classes, v.labels FROM validation_sets AS v
          WHERE v.data_fingerprint IN (
            SELECT r.data_fingerprint FROM runs AS r
            JOIN cells AS c ON c.id = r.cell_id JOIN experiments AS x ON x.id = c.experiment_id
            WHERE x.name = ?)
          ORDER BY v.data_fingerprint
          """,
        arguments: [experiment])
      return try rows.map { row in
        let names: String = try row.decode(atIndex: 1)
        return ValidationSet(
          dataFingerprint: try row.decode(atIndex: 0),
          classes: try JSONField(parsing: Array(names.utf8), file: path).elements().map {
            try $0.string()
          },
          labels: ClassList.classes(try row.decode(atIndex: 2)))
      }
    }
  }

  /// What each cell of an experiment predicted after its last epoch, in the grid's order.
  ///
  /// A cell whose last epoch has no predictions is not among them.
  package func predictions(of experiment: String) throws(SweepError) -> [PredictionRecord] {
    try fetch { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT c.name, r.data_fingerprint, p.classes
          FROM experiments AS x
          JOIN cells AS c ON c.experiment_id = x.id
          JOIN epochs AS e ON e.id =
            (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0
             ORDER BY epoch DESC LIMIT 1)
          JOIN runs AS r ON r.id = e.run_id
          JOIN predictions AS p ON p.run_id = e.run_id AND p.epoch = e.epoch
          WHERE x.name = ? ORDER BY c.position IS NULL, c.position, c.id
          """,
        arguments: [experiment])
      var predictions: [PredictionRecord] = []
      while let row = try rows.next() {
        predictions.append(
          PredictionRecord(
            cell: try row.decode(atIndex: 0), dataFingerprint: try row.decode(atIndex: 1),
            classes: ClassList.classes(try row.decode(atIndex: 2))))
      }
      return predictions
    }
  }

  /// A number that is another one after any program has changed the store.
  package func dataVersion() throws(SweepError) -> Int {
    try fetch { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
  }
}
