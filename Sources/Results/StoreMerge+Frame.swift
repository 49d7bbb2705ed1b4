import Common
import GRDB

/// Experiments that stores have by several recipes, which differ by further axes of the grid.
extension StoreMerge {
  /// Brings the target's experiment to its frame, and gives the source's cells' places there; none
  /// where there is no frame.
  ///
  /// Throws where the source's recipe has no part in the frame.
  func frame(
    _ name: String, _ values: MergeRows.Values, _ report: inout MergeReport
  ) throws -> [String: MergeFrame.Place] {
    guard let frame = frames[name] else { return [:] }
    try target.execute(
      sql: "INSERT INTO experiment_files (sha256, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
      arguments: [SHA256.hash(frame.file.utf8), frame.file])
    if let row = try Row.fetchOne(
      target, sql: "SELECT id, recipe FROM experiments WHERE name = ?", arguments: [name]),
      let places = frame.places[row["recipe"]]
    {
      report.replaced[name] = row["recipe"]
      try bring(experiment: row["id"], to: frame, places)
    }
    let recipe = values.string("recipe")
    guard recipe == frame.recipe || frame.places[recipe] != nil else { throw otherRecipe(name) }
    report.recipes[name] = recipe
    return frame.places[recipe] ?? [:]
  }

  /// Gives the target's cells their places in the frame.
  private func bring(
    experiment: Int64, to frame: MergeFrame, _ places: [String: MergeFrame.Place]
  ) throws {
    try target.execute(
      sql: """
        UPDATE experiments SET recipe = ?, recipe_sha256 = ?, file_sha256 = ? WHERE id = ?
        """,
      arguments: [
        frame.recipe, SHA256.hash(frame.recipe.utf8), SHA256.hash(frame.file.utf8), experiment,
      ])
    for (id, place) in places {
      try target.execute(
        sql: "UPDATE cells SET name = ?, axes = ? WHERE experiment_id = ? AND name = ?",
        arguments: [place.id, JSON.object(place.axes).text, experiment, id])
    }
    try target.execute(
      sql: "UPDATE cells SET position = NULL WHERE experiment_id = ?", arguments: [experiment])
    let update = try target.makeStatement(
      sql: "UPDATE cells SET position = ? WHERE experiment_id = ? AND name = ?")
    for (id, position) in frame.positions {
      try update.execute(arguments: [position, experiment, id])
    }
  }

  /// A cell's row where the cell has another place.
  func placed(
    _ cell: MergeRows.Values, in name: String, _ places: [String: MergeFrame.Place]
  ) -> MergeRows.Values {
    guard let frame = frames[name] else { return cell }
    var cell = cell
    if let place = places[cell.string("name")] {
      cell["name"] = place.id.databaseValue
      cell["axes"] = JSON.object(place.axes).text.databaseValue
    }
    cell["position"] = frame.positions[cell.string("name")]?.databaseValue ?? .null
    return cell
  }
}

extension MergeFrame {
  /// The columns of an experiment's row that the frame decides.
  var columns: [String: any DatabaseValueConvertible] {
    [
      "recipe": recipe, "recipe_sha256": SHA256.hash(recipe.utf8),
      "file_sha256": SHA256.hash(file.utf8),
    ]
  }
}
