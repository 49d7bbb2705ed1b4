import Common
import GRDB

extension StoreMerge {
  /// Whether the source's grid replaces the target's.
  func isLarger(
    _ theirs: [GridCell], than mine: [GridCell], _ experiment: String
  ) throws -> Bool {
    func grid(_ cells: [GridCell]) -> [GridCell] { cells.filter(\.isInGrid) }
    let (new, old) = (Set(grid(theirs).map(\.recipe)), Set(grid(mine).map(\.recipe)))
    if new.isStrictSuperset(of: old) { return true }
    func objections(_ cells: [GridCell], to other: [GridCell]) -> [RecipeChange.Objection] {
      RecipeChange(
        from: grid(cells).filter(\.hasRun).map(\.place), to: grid(other).map(\.place)
      ).objections
    }
    let reasons = objections(theirs, to: mine)
    if reasons.isEmpty { return false }
    guard objections(mine, to: theirs).isEmpty else {
      throw SweepError(
        .badInput, at: here,
        "the experiment \(experiment) has a different recipe here than in \(path): "
          + reasons.map(\.text).joined(separator: "; "),
        advice: "merge only stores of the same experiment file")
    }
    return true
  }

  /// Adopts the source's grid in the target.
  func adopt(
    _ cells: [GridCell], for experiment: Int64, file: DatabaseValue
  ) throws {
    try target.execute(
      sql: "UPDATE experiments SET file_sha256 = ? WHERE id = ?", arguments: [file, experiment])
    try target.execute(
      sql: "UPDATE cells SET position = NULL WHERE experiment_id = ?", arguments: [experiment])
    let grid = cells.filter(\.isInGrid)
    try Store.freeLabels(
      Dictionary(grid.map { ($0.recipe.sha256, $0.name) }, uniquingKeysWith: { $1 }),
      experiment: experiment, target)
    let update = try target.makeStatement(
      sql: """
        UPDATE cells SET name = ?, position = ?, axes = ?
        WHERE experiment_id = ? AND recipe_sha256 = ?
        """)
    for cell in grid {
      try update.execute(arguments: [
        cell.name, cell.position, cell.axesText, experiment, cell.recipe.sha256,
      ])
    }
  }
}
