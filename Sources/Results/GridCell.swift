import Common
import GRDB

/// The part of a stored cell that determines an experiment's grid.
struct GridCell {
  let name: String
  let recipe: CellRecipe
  let axesText: String
  /// The position in the grid; nil if it was removed.
  let position: Int?
  let hasRun: Bool

  var isInGrid: Bool { position != nil }
  /// The names of the further axes.
  var axes: Set<String> { Set(Self.axes(axesText).map(\.name)) }
  var place: RecipeChange.Cell { RecipeChange.Cell(recipe, axes: axes) }

  static func all(of experiment: Int64, _ db: Database) throws -> [GridCell] {
    try Columns.map(
      db,
      """
      SELECT name, recipe, axes, position, EXISTS (SELECT 1 FROM runs WHERE cell_id = cells.id)
      FROM cells WHERE experiment_id = ?
      """, [experiment]
    ) { row in
      GridCell(
        name: try row.next(), recipe: CellRecipe(stored: try row.next()),
        axesText: try row.next(), position: try row.next(), hasRun: try row.next())
    }
  }

  /// The axes in a JSON object, in order; empty if it is damaged.
  static func axes(_ text: String) -> [JSON.Member] {
    guard text != "{}", let root = try? JSONParser.parse(Array(text.utf8), file: ""),
      case .object(let members) = root.kind
    else { return [] }
    return members.map { member in
      if case .number(let digits) = member.value.kind, Int(digits) == nil {
        return JSON.Member(member.key, .number(Double(digits)))
      }
      return JSON.Member(member.key, member.value.canonical())
    }
  }
}
