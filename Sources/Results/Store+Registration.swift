import Common
import GRDB

extension Store {
  /// Makes the experiment and its cells known; what is known already stays.
  ///
  /// Figures of cells that were trained are not touched. A done cell that is now planned for more
  /// epochs becomes pending, unless it was stopped early; cells that left the grid keep their figures. Throws where the stored
  /// recipe is another one: compare with `experiment(named:)` first to show the difference.
  public func register(_ experiment: ExperimentDescription) throws(SweepError) {
    try write { db in
      let file = SHA256.hash(experiment.file.utf8)
      let recipe = SHA256.hash(experiment.recipe.utf8)
      try db.execute(
        sql: "INSERT INTO experiment_files (sha256, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
        arguments: [file, experiment.file])
      try db.execute(
        sql: """
          INSERT INTO experiments (name, file_sha256, recipe, recipe_sha256, claims)
          VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET
            file_sha256 = excluded.file_sha256, claims = excluded.claims
          WHERE recipe_sha256 = excluded.recipe_sha256
          """,
        arguments: [
          experiment.name, file, experiment.recipe, recipe,
          JSON.array(experiment.claims.map(\.json)).text,
        ])
      guard
        let row = try Int64.fetchOne(
          db, sql: "SELECT id FROM experiments WHERE name = ? AND recipe_sha256 = ?",
          arguments: [experiment.name, recipe])
      else {
        throw SweepError(
          .badInput, at: path,
          "the experiment \(experiment.name) was run with another recipe",
          advice: "give the changed experiment a name of its own")
      }
      try db.execute(
        sql: "UPDATE cells SET position = NULL WHERE experiment_id = ?", arguments: [row])
      try Self.register(experiment.cells, experiment: row, db)
    }
  }

  /// Gives cells other ids and axes, all or none, and the experiment the recipe that goes with
  /// them.
  ///
  /// What was trained is not touched.
  public func rename(
    _ cells: [(record: CellRecord, description: CellDescription)], of experiment: String,
    recipe: String
  ) throws(SweepError) {
    try write { db in
      try db.execute(
        sql: "UPDATE experiments SET recipe = ?, recipe_sha256 = ? WHERE name = ?",
        arguments: [recipe, SHA256.hash(recipe.utf8), experiment])
      for (record, description) in cells {
        try db.execute(
          sql: "UPDATE cells SET name = ?, axes = ? WHERE id = ?",
          arguments: [description.id, JSON.object(description.axes).text, record.row])
      }
    }
  }

  private static func register(
    _ cells: [CellDescription], experiment: Int64, _ db: Database
  ) throws {
    let insert = try db.makeStatement(
      sql: """
        INSERT INTO cells (
          experiment_id, name, position, model, width, resolution, seed, axes, params, macs, flops,
          thop_macs, activation_bytes, planned_epochs)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (experiment_id, name) DO UPDATE SET
          position = excluded.position,
          activation_bytes = excluded.activation_bytes,
          planned_epochs = excluded.planned_epochs,
          status = iif(
            status = 'done' AND stopped_early = 0 AND excluded.planned_epochs > (
              SELECT coalesce(max(epoch), 0) FROM epochs
              WHERE cell_id = cells.id AND superseded = 0),
            'pending', status)
        """)
    for (position, cell) in cells.enumerated() {
      try insert.execute(arguments: [
        experiment, cell.id, position, cell.model, cell.width, cell.resolution, cell.seed,
        JSON.object(cell.axes).text, cell.params, cell.macs, cell.flops, cell.thopMACs,
        cell.activationBytes, cell.epochs,
      ])
    }
  }
}
