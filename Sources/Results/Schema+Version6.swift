import Common
import GRDB

extension Schema {
  static let version6: Migration = { db in
    try sql(PackageResources.version6_sql)(db)
    try identifyCells(db)
    try db.execute(
      sql: """
        CREATE UNIQUE INDEX cells_recipe ON cells (experiment_id, recipe_sha256);
        ALTER TABLE experiments DROP COLUMN recipe;
        ALTER TABLE experiments DROP COLUMN recipe_sha256;
        """)
  }

  private static func identifyCells(_ db: Database) throws {
    let cells = try Row.fetchAll(
      db,
      sql: """
        SELECT
          c.id, c.experiment_id, c.name, c.position IS NOT NULL AS is_in_grid, c.model, c.width,
          c.resolution, c.seed, c.axes, c.status, x.name AS experiment, x.recipe, f.text AS file,
          r.id AS run, r.initial_weights_sha256 AS initial, rf.text AS run_file,
          (SELECT coalesce(max(epoch), 0) FROM epochs WHERE cell_id = c.id AND superseded = 0)
            AS epochs
        FROM cells AS c
        JOIN experiments AS x ON x.id = c.experiment_id
        JOIN experiment_files AS f ON f.sha256 = x.file_sha256
        LEFT JOIN runs AS r ON r.cell_id = c.id AND
          r.attempt = (SELECT max(attempt) FROM runs WHERE cell_id = c.id)
        LEFT JOIN experiment_files AS rf ON rf.sha256 = r.file_sha256
        ORDER BY c.position IS NULL, c.id
        """)
    for cell in cells {
      let legacy = LegacyRecipe(cell["recipe"], model: cell["model"], axes: cell["axes"])
      var settings = legacy.settings
      settings["width"] = .number(cell["width"] as Double)
      settings["resolution"] = .integer(cell["resolution"] as Int)
      settings["seed"] = .integer(cell["seed"] as Int)
      // A removed cell may have been trained by a recipe that the experiment no longer has.
      if cell["is_in_grid"] == false, let file: String = cell["run_file"],
        !LegacyFile(file).isSameRecipe(as: LegacyFile(cell["file"]))
      {
        settings["file_sha256"] = .string(SHA256.hash(file.utf8))
      }
      var recipe = CellRecipe(settings)
      let isTaken = try Bool.fetchOne(
        db, sql: "SELECT count(*) FROM cells WHERE experiment_id = ? AND recipe_sha256 = ?",
        arguments: [cell["experiment_id"] as Int64, recipe.sha256])
      if isTaken == true {
        settings["legacy_name"] = .string(cell["name"] as String)
        recipe = CellRecipe(settings)
      }
      try db.execute(
        sql: "UPDATE cells SET recipe = ?, recipe_sha256 = ? WHERE id = ?",
        arguments: [recipe.text, recipe.sha256, cell["id"] as Int64])
      if cell["run"] != nil { try listFiles(of: cell, recipe, legacy, db) }
    }
  }

  /// Lists the files that a cell's last run may have left.
  private static func listFiles(
    of cell: Row, _ recipe: CellRecipe, _ legacy: LegacyRecipe, _ db: Database
  ) throws {
    let (experiment, name): (String, String) = (cell["experiment"], cell["name"])
    let (resolution, seed): (Int, Int) = (cell["resolution"], cell["seed"])
    let place = "-r\(resolution)-s\(seed)"
    let network = name.firstRange(of: place).map { String(name[..<$0.lowerBound]) } ?? name
    var initial = "\(network)-s\(seed)"
    // If channel rounding was an axis, file names included it.
    if let axes = LegacyFile(cell["axes"]).root?.member("channels")?.value,
      case .string(let rounding) = axes.kind
    {
      initial += "-\(rounding)"
    }
    let hash: String = cell["initial"]
    let metadata = [
      "experiment": experiment, "cell": name, "recipe": legacy.sha256, "initial_weights": hash,
    ]
    var files: [(kind: String, key: String, path: String, hash: String?, metadata: String?)] = [
      ("initial", recipe.initialWeights.sha256, "initial/\(initial)", hash, nil),
      ("checkpoint", recipe.sha256, "checkpoints/\(name)", nil, JSON.object(metadata).text),
    ]
    if cell["status"] == "done" {
      let epochs: Int = cell["epochs"]
      let final = JSON.object(metadata.merging(["epoch": "\(epochs)"]) { $1 }).text
      files.append(("final", recipe.sha256, "final/\(name)", nil, final))
    }
    for file in files {
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO files (
            experiment_id, kind, recipe_sha256, run_id, epoch, path, sha256, metadata)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          cell["experiment_id"] as Int64, file.kind, file.key,
          file.kind == "initial" ? nil : cell["run"] as Int64?,
          file.kind == "initial" ? 0 : cell["epochs"] as Int?,
          "\(experiment)/\(file.path).safetensors", file.hash, file.metadata,
        ])
    }
  }
}

/// An experiment file in a store of schema 1 to 5.
private struct LegacyFile {
  let root: JSONValue?

  init(_ text: String) { root = try? JSONParser.parse(Array(text.utf8), file: "") }

  /// Whether both have the same settings and the same further axes.
  func isSameRecipe(as other: LegacyFile) -> Bool {
    root != nil && settings == other.settings && axes == other.axes
  }

  private var settings: [JSON?] {
    [
      root?.canonical(without: ["$schema", "name", "epochs", "grid", "dataset"]),
      root?.member("dataset")?.value.canonical(without: ["root", "train", "val"]),
    ]
  }

  private var axes: Set<String> {
    guard case .object(let members) = root?.member("grid")?.value.kind else { return [] }
    return Set(members.map(\.key)).subtracting([
      "model", "width", "resolution", "seed", "exclude", "only",
    ])
  }
}

extension JSON {
  /// An object of strings, sorted by name.
  static func object(_ members: [String: String]) -> JSON {
    .object(members.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
  }
}
