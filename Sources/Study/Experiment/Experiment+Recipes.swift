import Common
import Networks
import Results

extension Experiment {
  /// Everything that determines a cell's results: its position on the basic axes, and its settings.
  ///
  /// The image folder and the number of epochs are not included. With `optimizer.carry_over` the
  /// epochs and the order of resolutions are.
  package func recipe(of cell: Cell) -> CellRecipe {
    var settings = cell.recipe.canonical.compactMapValues(Self.value)
    // Not every optimizer defaults to zero.
    settings["optimizer.weight_decay"] = settings["optimizer.weight_decay"] ?? .integer(0)
    settings["model"] = .string(cell.model)
    settings["width"] = .number(cell.width)
    settings["resolution"] = .integer(cell.resolution)
    settings["seed"] = .integer(cell.seed)
    if let own = grid.ownArchitectures.first(where: { $0.name == cell.model }) {
      settings["network"] = Self.value(own.canonical)
    }
    if let source = cell.weightsSource {
      settings["initial_weights.sha256"] = .string(sourceHashes[source])
    }
    if cell.recipe.optimizer.carryOver {
      settings["epochs"] = .integer(epochs)
      settings["grid.resolution"] = .array(resolutions.map(JSON.integer))
    }
    return CellRecipe(settings)
  }

  /// The settings that all cells share, by dotted path, as JSON values.
  package var sharedSettings: [String: String] {
    var shared = gridCells[0].recipe.canonical
    for cell in gridCells.dropFirst() where !cell.settings.isEmpty {
      let other = cell.recipe.canonical
      shared = shared.filter { other[$0.key] == $0.value }
    }
    return shared
  }

  /// The trained cells that the grid no longer contains, with reasons; empty if each is in the grid
  /// or was excluded by an axis.
  func objections(in store: Store) throws(SweepError) -> [RecipeChange.Objection] {
    let trained = try store.cells(of: name).filter { $0.isInGrid && $0.lastRun != nil }
    guard !trained.isEmpty else { return [] }
    return RecipeChange(
      from: trained.map {
        RecipeChange.Cell($0.description.recipe, axes: $0.description.axes.map(\.name))
      },
      to: gridCells.map { RecipeChange.Cell(recipe(of: $0), axes: $0.settings.map(\.axis)) }
    ).objections
  }

  private static func value(_ text: String) -> JSON? {
    (try? JSONParser.parse(Array(text.utf8), file: ""))?.canonical()
  }
}

extension Cell {
  /// The cell of a stored recipe with the label `id`.
  init(stored recipe: CellRecipe, id: String, epochs: Int) throws(SweepError) {
    let root = try JSONField(parsing: Array(recipe.text.utf8), file: "the recipe of \(id)")
    let fields = Dictionary(
      try root.members().map { ($0.key, $0.field) }, uniquingKeysWith: { $1 })
    let dataset = try fields["dataset"]?.object(keys: ["mean", "std", "folds", "fold"]) ?? [:]
    // The initial weights are no longer needed.
    let settings = fields.filter { $0.key != "initial_weights" }
    guard let model = try fields["model"]?.string(), let width = try fields["width"]?.number(),
      let resolution = try fields["resolution"]?.integer(in: 1...8192, "the resolution"),
      let seed = try fields["seed"]?.integer(in: 0...Int.max, "the seed")
    else {
      throw root.error("the recipe is incomplete", advice: "was the store changed by hand?")
    }
    let architecture =
      if let table = fields["network"] { try Architecture(own: table) } else {
        try Architecture.named(model)
      }
    self.init(
      id: id, model: model, width: width, resolution: resolution, seed: seed, settings: [],
      recipe: try Recipe(root: settings, dataset: dataset, epochs: epochs),
      architecture: architecture)
  }
}
