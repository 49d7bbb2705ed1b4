import Common
import GRDB

/// Puts the experiments of one store into another.
///
/// Everything is read and compared first and written in one transaction, so a merge is whole or
/// nothing. Rows are copied column by column, whatever their columns are.
struct StoreMerge {
  let target: Store
  let source: Store

  /// The figures of an epoch that do not depend on how fast it went.
  private static let figures = [
    "train_loss", "train_loss_is_nan", "train_accuracy", "val_loss", "val_loss_is_nan",
    "val_accuracy", "learning_rate",
  ]

  /// Rows of a table by column name.
  private typealias Values = [String: DatabaseValue]

  /// One experiment as it is in the source.
  private struct Experiment {
    var values: Values
    var cells: [CellRows]
    var changes: [Values]
  }

  /// A cell with all that hangs on it.
  private struct CellRows {
    var values: Values
    var runs: [RunRows]

    var name: String { StoreMerge.string(values["name"]) }
    var status: String { StoreMerge.string(values["status"]) }

    /// The epochs that count, in order.
    var history: [Values] {
      runs.flatMap(\.epochs)
        .filter { StoreMerge.integer($0["superseded"]) == 0 }
        .sorted { StoreMerge.integer($0["epoch"]) < StoreMerge.integer($1["epoch"]) }
    }
  }

  /// A run with its epochs and predictions.
  private struct RunRows {
    var values: Values
    var epochs: [Values]
    var predictions: [Values]
  }

  /// Merges, or only tries to; throws where both stores have a cell with different figures, or an
  /// experiment with different recipes.
  func run(commits: Bool) throws(SweepError) -> MergeReport {
    let (experiments, files, sets, labels) = try source.fetch { db in
      (
        try Self.experiments(db), try Self.rows(db, "experiment_files"),
        try Self.rows(db, "data_sets"), try Self.rows(db, "validation_sets")
      )
    }
    return try target.write(commits: commits) { db in
      for (table, rows) in [
        ("experiment_files", files), ("data_sets", sets), ("validation_sets", labels),
      ] {
        for row in rows { try Self.insert(row, into: table, orIgnore: true, db) }
      }
      var outcome = MergeReport()
      for experiment in experiments { try merge(experiment, &outcome, db) }
      return outcome
    }
  }

  private func merge(
    _ experiment: Experiment, _ outcome: inout MergeReport, _ db: Database
  ) throws {
    let name = Self.string(experiment.values["name"])
    let known = try Row.fetchOne(
      db, sql: "SELECT * FROM experiments WHERE name = ?", arguments: [name])
    let row: Int64
    if let known {
      let recipe: String = known["recipe_sha256"]
      guard recipe == Self.string(experiment.values["recipe_sha256"]) else {
        throw SweepError(
          .badInput, at: source.path,
          "the experiment \(name) has another recipe here than in \(target.path)",
          advice: "merge stores of one experiment file")
      }
      row = known["id"]
    } else {
      row = try Self.insert(experiment.values, into: "experiments", without: ["id"], db)
    }
    let mine = try Self.experiments(db).first { Self.string($0.values["name"]) == name }
    try checkImages(name, mine, experiment)
    for change in experiment.changes {
      try Self.insert(
        change, into: "data_changes", with: ["experiment_id": row], orIgnore: true, db)
    }
    let cells = Dictionary((mine?.cells ?? []).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    for cell in experiment.cells { try merge(cell, into: row, cells[cell.name], &outcome, db) }
  }

  private func merge(
    _ cell: CellRows, into experiment: Int64, _ mine: CellRows?, _ outcome: inout MergeReport,
    _ db: Database
  ) throws {
    let owner: Int64
    if let mine {
      owner = Self.integer(mine.values["id"])
    } else {
      owner = try Self.insert(
        cell.values, into: "cells", without: ["id", "sweep_id"],
        with: ["experiment_id": experiment, "status": "pending"], db)
    }
    let (old, new) = (mine?.history ?? [], cell.history)
    for (index, pair) in zip(old, new).enumerated() {
      for figure in ["epoch"] + Self.figures where pair.0[figure] != pair.1[figure] {
        let (first, second) = (Self.text(pair.0), Self.text(pair.1))
        throw SweepError(
          .badInput, at: source.path,
          "\(cell.name) differs from epoch \(index + 1) on: \(first) in \(target.path), \(second) here",
          advice: "keep one of them: both cannot come from the same recipe, images and processor")
      }
    }
    let hasNeverRun = mine?.runs.isEmpty ?? true
    let isFinished = cell.status == "done" && mine?.status != "done"
    guard
      new.count > old.count || (hasNeverRun && !cell.runs.isEmpty)
        || (new.count == old.count && isFinished)
    else {
      if !cell.runs.isEmpty { outcome.same += 1 }
      return
    }
    guard mine?.status != "running" else {
      throw SweepError(
        .runFailed, at: target.path, "\(cell.name) is being trained",
        advice: "let the sweep end first")
    }
    outcome.taken += 1
    try db.execute(
      sql: """
        UPDATE cells SET status = iif(?1 = 'running', 'interrupted', ?1), activation_bytes = ?2
        WHERE id = ?3
        """,
      arguments: [cell.values["status"] ?? .null, cell.values["activation_bytes"] ?? .null, owner])
    let first = try Int64.fetchOne(
      db, sql: "SELECT coalesce(max(attempt), 0) FROM runs WHERE cell_id = ?", arguments: [owner])
    for (offset, run) in cell.runs.enumerated() {
      try insert(run, attempt: (first ?? 0) + Int64(offset) + 1, cell: owner, db)
    }
  }

  private func insert(
    _ run: RunRows, attempt: Int64, cell: Int64, _ db: Database
  ) throws {
    var replaced: [String: any DatabaseValueConvertible] = ["cell_id": cell, "attempt": attempt]
    if Self.string(run.values["status"]) == "running" { replaced["status"] = "interrupted" }
    let id = try Self.insert(run.values, into: "runs", without: ["id"], with: replaced, db)
    for epoch in run.epochs {
      // Of two rows of one epoch, which are the same, the newer counts.
      try db.execute(
        sql: "UPDATE epochs SET superseded = 1 WHERE cell_id = ? AND epoch = ? AND superseded = 0",
        arguments: [cell, epoch["epoch"] ?? .null])
      try Self.insert(
        epoch, into: "epochs", without: ["id"], with: ["run_id": id, "cell_id": cell], db)
    }
    for row in run.predictions {
      try Self.insert(row, into: "predictions", with: ["run_id": id], db)
    }
  }

  /// Refuses cells that were trained on other images than those already here, unless such a change
  /// was accepted.
  private func checkImages(
    _ name: String, _ mine: Experiment?, _ other: Experiment
  ) throws {
    func images(_ experiment: Experiment?) -> Set<DatabaseValue> {
      Set((experiment?.cells ?? []).flatMap(\.runs).compactMap { $0.values["data_fingerprint"] })
    }
    let (here, there) = (images(mine), images(other))
    guard !here.isEmpty, !there.isEmpty, here != there, mine?.changes.isEmpty ?? true,
      other.changes.isEmpty
    else { return }
    throw SweepError(
      .badInput, at: source.path,
      "the cells of \(name) were trained on other images here than in \(target.path)",
      advice: "train all of them on the same images")
  }
}

extension StoreMerge {
  private static func experiments(_ db: Database) throws -> [Experiment] {
    try rows(db, "experiments").map { experiment in
      let id = integer(experiment["id"])
      let cells = try rows(
        db, "cells", where: "experiment_id = ?", id, by: "position IS NULL, position, id")
      return Experiment(
        values: experiment,
        cells: try cells.map { CellRows(values: $0, runs: try runs(of: integer($0["id"]), db)) },
        changes: try rows(db, "data_changes", where: "experiment_id = ?", id))
    }
  }

  private static func runs(of cell: Int64, _ db: Database) throws -> [RunRows] {
    try rows(db, "runs", where: "cell_id = ?", cell, by: "attempt").map { run in
      let id = integer(run["id"])
      return RunRows(
        values: run, epochs: try rows(db, "epochs", where: "run_id = ?", id, by: "id"),
        predictions: try rows(db, "predictions", where: "run_id = ?", id))
    }
  }

  /// Table names and conditions are the code's own; what comes from a store is always an argument.
  private static func rows(
    _ db: Database, _ table: String, where condition: String = "? IS NULL", _ id: Int64? = nil,
    by order: String = "1"
  ) throws -> [Values] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM \(table) WHERE \(condition) ORDER BY \(order)", arguments: [id]
    ).map { row in
      Dictionary(row.map { ($0.0, $0.1) }, uniquingKeysWith: { $1 })
    }
  }

  @discardableResult
  private static func insert(
    _ values: Values, into table: String, without left: Set<String> = [],
    with replaced: [String: any DatabaseValueConvertible] = [:], orIgnore: Bool = false,
    _ db: Database
  ) throws -> Int64 {
    // Columns come from this program's own schema, which both stores have.
    let columns = try db.columns(in: table).map(\.name).filter { !left.contains($0) }
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let arguments = columns.map { replaced[$0]?.databaseValue ?? values[$0] ?? .null }
    try db.execute(
      sql: """
        INSERT \(orIgnore ? "OR IGNORE " : "")INTO \(table) (\(columns.joined(separator: ", ")))
        VALUES (\(marks))
        """,
      arguments: StatementArguments(arguments))
    return db.lastInsertedRowID
  }

  private static func integer(_ value: DatabaseValue?) -> Int64 {
    value.flatMap(Int64.fromDatabaseValue) ?? 0
  }

  private static func string(_ value: DatabaseValue?) -> String {
    value.flatMap(String.fromDatabaseValue) ?? ""
  }

  /// An epoch's figures for people: `train_loss 1.5, val_loss 2.5, …`.
  private static func text(_ values: Values) -> String {
    figures.compactMap { name in
      guard let value = values[name], !value.isNull, !name.hasSuffix("is_nan") else { return nil }
      return "\(name) \(value)"
    }.joined(separator: ", ")
  }
}
