import Common
import GRDB

/// A stored cell as far as it decides which grid an experiment has.
struct GridCell {
  let name: String
  let recipe: CellRecipe
  /// The further axes with their values.
  let axesText: String
  /// The place in the grid; nil where it left it.
  let position: Int?
  let hasRun: Bool

  var isInGrid: Bool { position != nil }
  /// The names of the further axes.
  var axes: Set<String> { Self.axes(axesText) }
  var place: RecipeChange.Cell { RecipeChange.Cell(recipe, axes: axes) }

  /// The cells of an experiment.
  static func all(of experiment: Int64, _ db: Database) throws -> [GridCell] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT name, recipe, axes, position,
          EXISTS (SELECT 1 FROM runs WHERE cell_id = cells.id) AS has_run
        FROM cells WHERE experiment_id = ?
        """,
      arguments: [experiment]
    ).map { row in
      GridCell(
        name: try row.decode(atIndex: 0), recipe: CellRecipe(stored: try row.decode(atIndex: 1)),
        axesText: try row.decode(atIndex: 2), position: try row.decode(atIndex: 3),
        hasRun: try row.decode(atIndex: 4))
    }
  }

  /// The names in a JSON object of axes.
  static func axes(_ text: String) -> Set<String> {
    guard let root = try? JSONParser.parse(Array(text.utf8), file: ""),
      case .object(let members) = root.kind
    else { return [] }
    return Set(members.map(\.key))
  }
}
