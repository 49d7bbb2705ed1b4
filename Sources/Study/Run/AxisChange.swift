import Common
import Results

/// What becomes of stored cells where further axes of the grid were added or taken away.
///
/// A setting that becomes an axis keeps its value in the cells that were trained with it, so these
/// are still cells of the grid, under ids that name the value; where an axis becomes a setting, the
/// ids lose it.
struct AxisChange {
  /// A stored cell that the grid calls by another id.
  struct Renaming {
    let record: CellRecord
    let item: Plan.Item
  }

  private let experiment: Experiment
  private let stored: RecipeText
  private let records: [CellRecord]

  init(to experiment: Experiment, from stored: RecipeText, _ records: [CellRecord]) {
    self.experiment = experiment
    self.stored = stored
    self.records = records
  }

  /// Why the stored cells are not cells of the experiment, a clause each; none where they are.
  var objections: [String] {
    let (old, new) = (stored.settings, experiment.recipeText.settings)
    return experiment.recipeText.differences(from: stored) { path in
      // A network of the user's own that comes or goes with the model axis.
      if path.hasPrefix("model."), old[path] == nil || new[path] == nil { return nil }
      if let axis = experiment.grid.axes.first(where: { $0.name == path }), let before = old[path] {
        return axis.entries.contains { $0.value.canonical == before }
          ? nil : "\(path) was \(before), which is no value of the new axis"
      }
      let values = records.compactMap { $0.description.axes.canonical[path] }
      if let after = new[path], !values.isEmpty {
        return values.contains(after)
          ? nil : "\(path) was an axis without \(after), which it is now"
      }
      return path
    }
  }

  /// The stored cells whose ids change.
  func renamings(_ items: [Plan.Item]) -> [Renaming] {
    let axes = Set(items.first?.cell.settings.map(\.axis) ?? [])
      .union(records.flatMap { $0.description.axes.map(\.name) })
    guard !axes.isEmpty else { return [] }
    let known = Set(records.map(\.description.id))
    // Two cells that only an axis outside the recipe tells apart cannot be told apart here.
    let places = Dictionary(
      grouping: items, by: { Self.key($0.cell, axes, $0.cell.recipe.canonical) })
    let settings = stored.settings
    return records.compactMap { record in
      let cell = record.description
      let key = Self.key(cell, axes, settings.merging(cell.axes.canonical) { $1 })
      guard let place = places[key], place.count == 1, let item = place.first,
        item.cell.id != cell.id, !known.contains(item.cell.id)
      else { return nil }
      return Renaming(record: record, item: item)
    }
  }

  private static func key(
    _ cell: some PlacedInGrid, _ axes: Set<String>, _ settings: [String: String]
  ) -> String {
    let further = axes.sorted().map { settings[$0] ?? "" }
    return "\(cell.model) \(cell.width) \(cell.resolution) \(cell.seed) \(further)"
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

extension AxisValue {
  /// The value as recipes have it.
  fileprivate var canonical: String {
    switch self {
    case .text(let text): text.quoted
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .boolean(let flag): "\(flag)"
    }
  }
}

extension [JSON.Member] {
  /// The values of stored axes as recipes have them, by path.
  fileprivate var canonical: [String: String] {
    Dictionary(map { ($0.name, $0.value.text) }, uniquingKeysWith: { $1 })
  }
}
