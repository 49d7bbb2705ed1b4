import Common
import Results

/// What becomes of stored cells where further axes of the grid were added or taken away, or got
/// other values.
///
/// A setting that becomes an axis keeps its value in the cells that were trained with it, so these
/// are still cells of the grid, under ids that name the value; where an axis becomes a setting, the
/// ids lose it.
struct AxisChange {
  /// A stored cell that the grid calls by another id.
  struct Renaming {
    let record: CellRecord
    let cell: Cell

    /// The stored cell as the grid has it now.
    var description: CellDescription {
      var description = record.description
      (description.id, description.axes) = (cell.id, cell.axes)
      return description
    }
  }

  private let experiment: Experiment
  private let recipe: RecipeText
  private let stored: RecipeText
  private let records: [CellRecord]
  /// Those of the records that the grid held when it was last run.
  private let inGrid: [CellRecord]
  /// The further axes, of the grid and of the stored cells.
  private let newAxes: Set<String>
  private let oldAxes: Set<String>

  /// The change to an experiment, whose recipe is `recipe` where it is not read from its own file,
  /// from the stored recipe and cells.
  init(
    to experiment: Experiment, recipe: RecipeText? = nil, from stored: RecipeText,
    _ records: [CellRecord]
  ) {
    self.experiment = experiment
    self.recipe = recipe ?? experiment.recipeText
    self.stored = stored
    self.records = records
    newAxes = Set(experiment.grid.axes.map(\.name)).subtracting(Axis.basic)
    // Cells that left the grid may be of axes that the stored recipe has not.
    let grid = records.filter(\.isInGrid)
    inGrid = grid.isEmpty ? records : grid
    oldAxes = Set(inGrid.flatMap { $0.description.axes.map(\.name) })
  }

  /// Why the stored cells are not cells of the experiment, a clause each; none where they are.
  var objections: [String] {
    let (old, new) = (
      spelledOut(stored.settings, axes: oldAxes), spelledOut(recipe.settings, axes: newAxes)
    )
    let changed = newAxes.symmetricDifference(oldAxes)
    let differences = RecipeText(new).differences(from: RecipeText(old)) { path in
      // A network of the user's own that comes or goes with the model axis.
      if path.hasPrefix("model."), old[path] == nil || new[path] == nil { return nil }
      var setting = path
      if let choice = choices.first(where: { path.hasPrefix($0.section) && path != $0.axis }) {
        // An optimiser or a schedule that comes or goes with its axis.
        let end = path.dropFirst(choice.section.count).firstIndex(of: ".") ?? path.endIndex
        func isKnown(_ settings: [String: String]) -> Bool {
          settings.keys.contains { $0.hasPrefix(path[..<end] + ".") }
        }
        if !isKnown(old) || !isKnown(new) { return nil }
        setting = choice.section + path[end...].dropFirst()
      }
      return changed.contains(setting) ? nil : path
    }
    return differences + changed.sorted().flatMap(objections)
  }

  /// What speaks against an axis that has come or gone.
  private func objections(to axis: String) -> [String] {
    func values(of records: [CellRecord]) -> Set<String?> {
      Set(records.map { settings(of: $0.description)[axis] })
    }
    let now = Set(variants.map { $0.recipe.canonical[axis] })
    func list(_ values: Set<String?>) -> [String] { values.map { $0 ?? "not set" }.sorted() }
    if newAxes.contains(axis) {
      return list(values(of: inGrid).subtracting(now)).map {
        "\(axis) was \($0), which is no value of the new axis"
      }
    }
    return list(now.subtracting(values(of: records))).map {
      "\(axis) was an axis without \($0), which it is now"
    }
  }

  /// The stored cells whose ids change.
  func renamings() -> [Renaming] {
    let names = records.flatMap { $0.description.axes.map(\.name) }
    let axes = newAxes.union(names).sorted()
    guard !axes.isEmpty else { return [] }
    let known = Set(records.map(\.description.id))
    // Two cells that only an axis outside the recipe tells apart cannot be told apart here.
    let places = Dictionary(
      grouping: experiment.cells, by: { Self.key($0, axes, $0.recipe.canonical) })
    return records.compactMap { record in
      let stored = record.description
      guard let place = places[Self.key(stored, axes, settings(of: stored))], place.count == 1,
        let cell = place.first, cell.id != stored.id, !known.contains(cell.id)
      else { return nil }
      return Renaming(record: record, cell: cell)
    }
  }

  private static func key(
    _ cell: some PlacedInGrid, _ axes: [String], _ settings: [String: String]
  ) -> String {
    let further = axes.map { settings[$0] ?? "" }
    return "\(cell.model) \(cell.width) \(cell.resolution) \(cell.seed) \(further)"
  }

  /// A cell for each combination of the further axes' values.
  private var variants: [Cell] {
    var known: Set<String> = []
    return experiment.cells.filter { known.insert("\($0.settings.map(\.value))").inserted }
  }

  /// The axes that choose among optimisers or schedules, whose settings are spelled out for each of
  /// them in a recipe: `optimizer.sgd.momentum`.
  private var choices: [(axis: String, section: String)] {
    newAxes.union(oldAxes).filter { $0.hasSuffix(".name") }.sorted().map {
      ($0, String($0.dropLast("name".count)))
    }
  }

  /// A recipe's settings with the one optimiser or schedule that it has spelled out as well.
  private func spelledOut(_ settings: [String: String], axes: Set<String>) -> [String: String] {
    var settings = settings
    for choice in choices where !axes.contains(choice.axis) {
      let name = settings[choice.axis]?.replacing("\"", with: "") ?? ScheduleRecipe.defaultName
      for (path, value) in settings where path.hasPrefix(choice.section) {
        settings[path] = nil
        if path != choice.axis {
          settings["\(choice.section)\(name).\(path.dropFirst(choice.section.count))"] = value
        }
      }
    }
    return settings
  }

  /// The settings of a stored cell, its own values of the further axes taken in, in the form that
  /// the recipe of a cell has.
  private func settings(of cell: CellDescription) -> [String: String] {
    let own = cell.axes.canonical
    var settings = stored.settings
    for choice in choices {
      guard let name = own[choice.axis]?.replacing("\"", with: "") else { continue }
      let start = "\(choice.section)\(name)."
      for (path, value) in stored.settings where path.hasPrefix(start) {
        settings[choice.section + path.dropFirst(start.count)] = value
      }
    }
    settings.merge(own) { $1 }
    return settings.filter { Recipe.omitted[$0.key] != $0.value }
  }
}

/// What has a place on the axes that every grid has.
private protocol PlacedInGrid {
  var model: String { get }
  var width: Double { get }
  var resolution: Int { get }
  var seed: Int { get }
}

extension Cell: PlacedInGrid {}
extension CellDescription: PlacedInGrid {}

extension [JSON.Member] {
  /// The values of stored axes as recipes have them, by path.
  fileprivate var canonical: [String: String] {
    let values = map { member in
      if case .string(let text) = member.value,
        Axis.kinds.contains(where: { $0.name == member.name && $0.kind == .numbers })
      {
        return (member.name, "[\(text.replacing("_", with: ", "))]")
      }
      return (member.name, member.value.text)
    }
    return Dictionary(values, uniquingKeysWith: { $1 })
  }
}
