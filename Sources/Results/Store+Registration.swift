import Common
import GRDB

extension Store {
  /// Registers an experiment and its cells; existing data stays.
  ///
  /// Cells are identified by their recipes: a known cell gets its new label and position, and keeps
  /// its figures and files. A done cell that now needs more epochs becomes pending unless it
  /// stopped early. Removed cells keep their figures, and are deleted if they never ran. The caller
  /// checks grid changes with ``RecipeChange``.
  package func register(_ experiment: ExperimentDescription) throws(SweepError) {
    try write { db in
      let file = SHA256.hash(experiment.file.utf8)
      try db.execute(
        sql: "INSERT INTO experiment_files (sha256, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
        arguments: [file, experiment.file])
      try db.execute(
        sql: """
          INSERT INTO experiments (name, file_sha256, folder, claims) VALUES (?, ?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET
            file_sha256 = excluded.file_sha256, claims = excluded.claims
          """,
        arguments: [
          experiment.name, file, experiment.folder,
          JSON.array(experiment.claims.map(\.json)).text,
        ])
      let row = try Int64.fetchOne(
        db, sql: "SELECT id FROM experiments WHERE name = ?", arguments: [experiment.name])
      guard let row else { return }
      try db.execute(
        sql: "UPDATE cells SET position = NULL WHERE experiment_id = ?", arguments: [row])
      try Self.completeRecipes(experiment.cells, experiment: row, db)
      try Self.freeLabels(
        Dictionary(
          experiment.cells.map { ($0.recipe.sha256, $0.id) }, uniquingKeysWith: { $1 }),
        experiment: row, db)
      try Self.register(experiment.cells, experiment: row, db)
      try db.execute(
        sql: """
          DELETE FROM cells WHERE experiment_id = ? AND position IS NULL AND sweep_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM runs WHERE cell_id = cells.id)
          """,
        arguments: [row])
    }
  }

  /// Makes `labels`, by recipe SHA-256, available: a removed cell with one of them gets a longer
  /// label.
  static func freeLabels(
    _ labels: [String: String], experiment: Int64, _ db: Database
  ) throws {
    let wanted = Set(labels.values)
    let cells = try Row.fetchAll(
      db, sql: "SELECT id, name, recipe_sha256 FROM cells WHERE experiment_id = ?",
      arguments: [experiment])
    for cell in cells {
      let (id, name, recipe) = (
        try cell.decode(Int64.self, atIndex: 0), try cell.decode(String.self, atIndex: 1),
        try cell.decode(String.self, atIndex: 2)
      )
      guard labels[recipe] != name, labels[recipe] != nil || wanted.contains(name) else { continue }
      // A temporary label for cells of the grid.
      let label = labels[recipe] == nil ? "\(name)~\(recipe.prefix(8))" : "~\(id)"
      try db.execute(sql: "UPDATE cells SET name = ? WHERE id = ?", arguments: [label, id])
    }
  }

  /// Gives cells of older stores, whose recipes lack the source of initial weights, the otherwise
  /// identical new recipes.
  private static func completeRecipes(
    _ cells: [CellDescription], experiment: Int64, _ db: Database
  ) throws {
    for cell in cells where cell.recipe.text.contains("initial_weights") {
      var settings = cell.recipe.settings
      guard settings[CellRecipe.source] != nil else { continue }
      settings[CellRecipe.source] = .null
      let old = CellRecipe(settings)
      try db.execute(
        sql: """
          UPDATE OR IGNORE cells SET recipe = ?, recipe_sha256 = ?
          WHERE experiment_id = ? AND recipe_sha256 = ?
          """,
        arguments: [cell.recipe.text, cell.recipe.sha256, experiment, old.sha256])
      for (new, old) in [(cell.recipe, old), (cell.recipe.initialWeights, old.initialWeights)] {
        try db.execute(
          sql: """
            UPDATE OR IGNORE files SET recipe_sha256 = ?
            WHERE experiment_id = ? AND recipe_sha256 = ?
            """,
          arguments: [new.sha256, experiment, old.sha256])
      }
    }
  }

  private static func register(
    _ cells: [CellDescription], experiment: Int64, _ db: Database
  ) throws {
    let insert = try db.makeStatement(
      sql: """
        INSERT INTO cells (
          experiment_id, recipe, recipe_sha256, name, position, model, width, resolution, seed,
          axes, params, macs, flops, thop_macs, activation_bytes, planned_epochs)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (experiment_id, recipe_sha256) DO UPDATE SET
          name = excluded.name,
          position = excluded.position,
          axes = excluded.axes,
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
        experiment, cell.recipe.text, cell.recipe.sha256, cell.id, position, cell.model,
        cell.width, cell.resolution, cell.seed, JSON.object(cell.axes).text, cell.params,
        cell.macs, cell.flops, cell.thopMACs, cell.activationBytes, cell.epochs,
      ])
    }
  }
}
