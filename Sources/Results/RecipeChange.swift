import Common

/// Reasons why trained cells do not fit a new grid of their experiment.
///
/// A value may be removed from an axis, but a changed shared setting would silently orphan the
/// results.
package struct RecipeChange: Sendable {
  package struct Cell: Sendable {
    let recipe: CellRecipe
    let axes: Set<String>

    package init(_ recipe: CellRecipe, axes: some Sequence<String>) {
      self.recipe = recipe
      self.axes = Set(axes)
    }
  }

  package enum Objection: Sendable, Hashable {
    case changed(setting: String, was: String, now: String)
    case network(String)
    /// A setting became an axis that does not have the value.
    case notOnNewAxis(setting: String, was: String)
    /// An axis became a setting with a value that the axis did not have.
    case notOnOldAxis(setting: String, now: String)

    package var text: String {
      switch self {
      case .changed(let setting, let was, let now): "\(setting) was \(was), is now \(now)"
      case .network(let name): "the table of \(name) changed"
      case .notOnNewAxis(let setting, let was):
        "\(setting) was \(was), which is not a value of the new axis"
      case .notOnOldAxis(let setting, let now):
        "\(setting) is now \(now), which the former axis did not have"
      }
    }

    package var isAboutAxis: Bool {
      switch self {
      case .changed, .network: false
      case .notOnNewAxis, .notOnOldAxis: true
      }
    }
  }

  /// The reasons; empty if every cell is in the new grid or was removed from an axis.
  package let objections: [Objection]

  /// The settings of one combination of the axes other than resolution and seed.
  private struct Variant {
    let settings: [String: JSON]
    let axes: Set<String>
  }

  package init(from trained: some Sequence<Cell>, to grid: some Sequence<Cell>) {
    let grid = Array(grid)
    let known = Set(grid.map(\.recipe))
    let trained = Array(trained)
    let missing = Self.variants(trained.filter { !known.contains($0.recipe) })
    guard !missing.isEmpty else {
      objections = []
      return
    }
    let places = Self.variants(grid)
    let axes = places.reduce(into: Set<String>()) { $0.formUnion($1.axes) }
    // The values of a setting that was an axis.
    var values: [String: [JSON?]] = [:]
    for variant in Self.variants(trained) {
      for axis in variant.axes { values[axis, default: []].append(variant.settings[axis]) }
    }
    var found: Set<Objection> = []
    for cell in missing {
      let same = places.filter {
        $0.settings["model"] == cell.settings["model"]
          && $0.settings["width"] == cell.settings["width"]
      }
      let nearest = (same.isEmpty ? places : same).min {
        Self.distance(cell, $0, axes) < Self.distance(cell, $1, axes)
      }
      guard let nearest else { continue }
      for path in Self.differences(cell, nearest) {
        // Unknown without the model at this width.
        if same.isEmpty, path == CellRecipe.network || path == CellRecipe.source { continue }
        let now = nearest.settings[path]
        if path == CellRecipe.network {
          found.insert(.network(Self.text(cell.settings["model"])))
        } else if cell.axes.contains(path) {
          if axes.contains(path) || values[path, default: []].contains(now) { continue }
          found.insert(.notOnOldAxis(setting: path, now: Self.text(path, nearest)))
        } else if axes.contains(path) {
          found.insert(.notOnNewAxis(setting: path, was: Self.text(path, cell)))
        } else {
          found.insert(
            .changed(
              setting: path, was: Self.text(path, cell), now: Self.text(path, nearest)))
        }
      }
    }
    objections = found.sorted { $0.text < $1.text }
  }

  private static func variants(_ cells: [Cell]) -> [Variant] {
    var variants: [String: Variant] = [:]
    for cell in cells {
      var settings = cell.recipe.settings
      settings["resolution"] = nil
      settings["seed"] = nil
      let key = CellRecipe(settings).text + cell.axes.sorted().joined(separator: " ")
      if variants[key] == nil { variants[key] = Variant(settings: settings, axes: cell.axes) }
    }
    return variants.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The settings that differ, except the basic axes and those of another optimizer or schedule.
  private static func differences(_ first: Variant, _ second: Variant) -> [String] {
    let (old, new) = (first.settings, second.settings)
    let paths = Set(old.keys).union(new.keys).subtracting(["model", "width"])
    let all = paths.filter { path in
      if path == CellRecipe.source, old[path] == .null { return false }
      return old[path] != new[path]
    }
    return all.filter { path in
      guard let dot = path.firstIndex(of: ".") else { return true }
      let name = "\(path[..<dot]).name"
      return path == name || !all.contains(name)
    }
  }

  /// The distance between two variants; differing axes weigh most.
  private static func distance(
    _ first: Variant, _ second: Variant, _ axes: Set<String>
  ) -> (Int, Int) {
    let differences = differences(first, second)
    return (
      differences.count { axes.contains($0) || first.axes.contains($0) }, differences.count
    )
  }

  private static func text(_ path: String, _ variant: Variant) -> String {
    let defaults = CellRecipe.defaults(optimizer: variant.settings["optimizer.name"])
    return (variant.settings[path] ?? defaults[path])?.text ?? "not set"
  }

  private static func text(_ name: JSON?) -> String {
    if case .string(let name) = name { name } else { "the network" }
  }
}
