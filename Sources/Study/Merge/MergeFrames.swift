import Common
import Results

/// The experiments that stores have by several recipes, where these differ by further axes of the
/// grid alone: the newest of them has the cells of all.
struct MergeFrames {
  /// What each such experiment becomes, by name.
  private(set) var frames: [String: MergeFrame] = [:]
  /// What files of its cells are called then, by experiment and recipe.
  private var moves: [String: [String: [FileMove]]] = [:]

  /// What a store has of an experiment.
  private struct Variant {
    let file: String
    var records: [String: CellRecord] = [:]
  }

  /// No such experiments.
  init() {}

  /// Reads the experiments of the stores at `paths`.
  ///
  /// Experiments that differ in anything else are left out. Throws where a store cannot be read.
  init(of paths: [String]) throws(SweepError) {
    var experiments: [String: [String: Variant]] = [:]
    for path in paths {
      let store = try Store.read(path)
      for experiment in try store.experiments() {
        var variant =
          experiments[experiment.name]?[experiment.recipe] ?? Variant(file: experiment.file)
        for record in try store.cells(of: experiment.name) {
          variant.records[record.description.id] = record
        }
        experiments[experiment.name, default: [:]][experiment.recipe] = variant
      }
    }
    for (name, variants) in experiments where variants.count > 1 { add(name, variants) }
  }

  /// Throws where a sweep is at work in `store` on cells that get other ids.
  func refuseCompany(in store: Store) throws(SweepError) {
    for (name, frame) in frames {
      guard let stored = try store.experiment(named: name), stored.recipe != frame.recipe,
        try !SweepSigns(of: name, in: store).living.isEmpty
      else { continue }
      throw SweepError(
        .runFailed, at: store.path, "a sweep is at work on \(name) with fewer axes",
        advice: "let it end first")
    }
  }

  /// What files of an experiment's cells are called in its frame, by name, where the store has it
  /// by `recipe`.
  func moves(of experiment: String, _ recipe: String?) -> [String: FileMove] {
    let moves = recipe.flatMap { self.moves[experiment]?[$0] } ?? []
    return Dictionary(moves.map { ($0.old, $0) }, uniquingKeysWith: { $1 })
  }

  private mutating func add(_ name: String, _ variants: [String: Variant]) {
    let candidates = variants.compactMap { recipe, variant in
      (try? Experiment(bytes: Array(variant.file.utf8), file: name)).map { (recipe, $0) }
    }.sorted { first, second in
      func size(_ experiment: Experiment) -> (Int, Int) {
        (experiment.grid.axes.count, experiment.cells.count)
      }
      return size(first.1) > size(second.1)
    }
    for (recipe, experiment) in candidates {
      let changes = variants.filter { $0.key != recipe }.map { older, variant in
        (
          older: older,
          change: AxisChange(
            to: experiment, recipe: RecipeText(stored: recipe), from: RecipeText(stored: older),
            Array(variant.records.values))
        )
      }
      guard changes.allSatisfy(\.change.objections.isEmpty) else { continue }
      var places: [String: [String: MergeFrame.Place]] = [:]
      for (older, change) in changes {
        let renamings = change.renamings()
        places[older] = Dictionary(
          renamings.map {
            ($0.record.description.id, MergeFrame.Place(id: $0.cell.id, axes: $0.cell.axes))
          }, uniquingKeysWith: { $1 })
        moves[name, default: [:]][older] = renamings.flatMap(\.moves)
      }
      frames[name] = MergeFrame(
        file: experiment.text, recipe: recipe,
        positions: Dictionary(
          experiment.cells.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { $1 }),
        places: places)
      return
    }
  }
}
