import Common
import GRDB

/// The weights files, one row each, identified by SHA-256.
extension Store {
  package func files(of experiment: String) throws(SweepError) -> [FileRecord] {
    try fetch { db in
      try Self.files(db, "x.name = ? ORDER BY f.id", [experiment])
    }
  }

  /// The file of a kind for a recipe; nil if there is none.
  package func file(
    _ kind: FileRecord.Kind, of recipe: CellRecipe, in experiment: String
  ) throws(SweepError) -> FileRecord? {
    try fetch { try Self.file($0, kind, recipe.sha256, in: experiment) }
  }

  /// Reserves a path for an experiment's file with the extension `.safetensors`.
  ///
  /// A file keeps its path unless it equals `avoiding`, where another store's file is. `name` is
  /// the new path; if it is taken, a number is appended. `exists` checks a path relative to the
  /// store's folder.
  package func place(
    _ kind: FileRecord.Kind, of recipe: CellRecipe, in experiment: String, name: String,
    avoiding foreign: String? = nil, exists: (String) -> Bool
  ) throws(SweepError) -> FileRecord {
    try write { db in
      let known = try Self.file(db, kind, recipe.sha256, in: experiment)
      if let known, known.path != foreign { return known }
      let path = try Self.freePath(name, db, exists)
      try db.execute(
        sql: """
          INSERT INTO files (experiment_id, kind, recipe_sha256, path)
          SELECT id, ?, ?, ? FROM experiments WHERE name = ?
          ON CONFLICT (experiment_id, kind, recipe_sha256) DO UPDATE SET
            path = excluded.path, sha256 = NULL, bytes = NULL, previous_sha256 = NULL,
            metadata = NULL
          """,
        arguments: [kind.rawValue, recipe.sha256, path, experiment])
      return FileRecord(kind: kind, recipe: recipe.sha256, path: path)
    }
  }

  /// Records a file that belongs to no run; `publish` moves it into place.
  package func record(
    _ file: FileRecord, publish: () throws(SweepError) -> Void
  ) throws(SweepError) {
    try write { try Self.update(file, run: nil, $0) }
    try publish()
  }

  /// A path based on `name` that is free in this store and on disk.
  static func freePath(
    _ name: String, _ db: Database, _ exists: (String) -> Bool
  ) throws -> String {
    for number in 1... {
      let path = "\(name)\(number == 1 ? "" : "~\(number)").safetensors"
      let isKnown = try Bool.fetchOne(
        db, sql: "SELECT count(*) FROM files WHERE path = ?", arguments: [path])
      if isKnown != true && !exists(path) { return path }
    }
    return name
  }

  static func update(_ file: FileRecord, run: RunID?, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE files SET
          run_id = ?, epoch = ?, sha256 = ?, bytes = ?, previous_sha256 = ?, metadata = NULL
        WHERE path = ?
        """,
      arguments: [
        run?.row, file.epoch, file.sha256, file.bytes, file.previousSHA256, file.path,
      ])
  }

  static func file(
    _ db: Database, _ kind: FileRecord.Kind, _ recipe: String, in experiment: String
  ) throws -> FileRecord? {
    try files(
      db, "x.name = ? AND f.kind = ? AND f.recipe_sha256 = ?", [experiment, kind.rawValue, recipe]
    ).first
  }

  /// The files that match a condition; unknown kinds are skipped.
  private static func files(
    _ db: Database, _ condition: String, _ arguments: StatementArguments
  ) throws -> [FileRecord] {
    let sql = """
      SELECT f.* FROM files AS f JOIN experiments AS x ON x.id = f.experiment_id WHERE \(condition)
      """
    return try Row.fetchAll(db, sql: sql, arguments: arguments).compactMap { try file($0) }
  }

  /// The file in a row; nil if its kind is unknown.
  static func file(_ row: Row) throws -> FileRecord? {
    let kind = try row.decode(String.self, forColumn: "kind")
    guard let kind = FileRecord.Kind(rawValue: kind) else { return nil }
    var file = FileRecord(
      kind: kind, recipe: try row.decode(forColumn: "recipe_sha256"),
      path: try row.decode(forColumn: "path"))
    file.epoch = try row.decode(forColumn: "epoch")
    file.sha256 = try row.decode(forColumn: "sha256")
    file.bytes = try row.decode(forColumn: "bytes")
    file.previousSHA256 = try row.decode(forColumn: "previous_sha256")
    if let text = try row.decode(String?.self, forColumn: "metadata") {
      file.metadata = (try? JSONParser.parse(Array(text.utf8), file: ""))?.strings ?? [:]
    }
    return file
  }
}
