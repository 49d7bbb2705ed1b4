import Common
import GRDB

extension Store {
  /// Sets or removes the note of an experiment, or of one of its cells.
  package func setNote(
    _ note: String?, experiment: String, cell: String? = nil
  ) throws(SweepError) {
    try execute(
      "UPDATE experiments SET note = ?2 WHERE name = ?1 AND ?3 IS NULL", [experiment, note, cell])
    try execute(
      """
      UPDATE cells SET note = ?2
      WHERE name = ?3 AND experiment_id = (SELECT id FROM experiments WHERE name = ?1)
      """, [experiment, note, cell])
  }

  package func note(of cell: CellRecord) throws(SweepError) -> String? {
    try fetch {
      try String.fetchOne($0, sql: "SELECT note FROM cells WHERE id = ?", arguments: [cell.row])
    }
  }

  /// Renames an experiment; its files stay in place.
  ///
  /// Throws `.usage` if the name is taken.
  package func rename(_ experiment: String, to name: String) throws(SweepError) {
    guard try self.experiment(named: name) == nil else {
      throw SweepError(
        .usage, at: path, "the experiment \(name) already exists", advice: "choose another name")
    }
    try execute("UPDATE experiments SET name = ? WHERE name = ?", [name, experiment])
  }

  /// Removes an experiment with all its results.
  package func remove(experiment: String) throws(SweepError) {
    try write { db in
      try db.execute(sql: "DELETE FROM experiments WHERE name = ?", arguments: [experiment])
      try Self.removeUnusedFiles(db)
    }
  }

  /// Removes a cell's results; a cell of the grid becomes pending, others are deleted.
  package func remove(_ cell: CellRecord, of experiment: String) throws(SweepError) {
    try write { db in
      try db.execute(
        sql: """
          DELETE FROM files WHERE recipe_sha256 = ? AND kind <> 'initial'
            AND experiment_id = (SELECT id FROM experiments WHERE name = ?)
          """,
        arguments: [cell.description.recipe.sha256, experiment])
      try db.execute(sql: "DELETE FROM runs WHERE cell_id = ?", arguments: [cell.row])
      try db.execute(
        sql: "DELETE FROM cells WHERE id = ? AND position IS NULL", arguments: [cell.row])
      try db.execute(
        sql: "UPDATE cells SET status = 'pending', stopped_early = 0, sweep_id = NULL WHERE id = ?",
        arguments: [cell.row])
      try Self.removeUnusedFiles(db)
    }
  }

  /// Removes the texts of experiment files that are no longer referenced.
  private static func removeUnusedFiles(_ db: Database) throws {
    try db.execute(
      sql: """
        DELETE FROM experiment_files
        WHERE sha256 NOT IN (SELECT file_sha256 FROM experiments)
          AND sha256 NOT IN (SELECT file_sha256 FROM runs)
        """)
  }

  /// Runs a read-only query; returns the column names and rows.
  ///
  /// Throws `.usage` with SQLite's message if the query is invalid.
  package func query(_ sql: String) throws(SweepError) -> (columns: [String], rows: [[JSON]]) {
    do {
      return try queue.read { db in
        let statement = try db.makeStatement(sql: sql)
        let rows = try Row.fetchAll(statement)
        return (
          statement.columnNames,
          rows.map { row in
            row.databaseValues.map { value in
              switch value.storage {
              case .null: .null
              case .int64(let integer): .integer(Int(integer))
              case .double(let number): .number(number)
              case .string(let text): .string(text)
              case .blob(let data): .string("\(data.count) bytes")
              }
            }
          }
        )
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
      throw SweepError(
        .usage, at: path, error.message ?? "the query is invalid",
        advice: "`sweep sql .schema` shows the tables")
    } catch {
      throw explain(error)
    }
  }
}
