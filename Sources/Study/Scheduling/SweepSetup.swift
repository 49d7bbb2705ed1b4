import Common
import Engine
import Foundation
import Results

/// What a sweep works with.
package struct SweepSetup {
  /// The plan of the experiment.
  package let plan: Plan
  /// The store for the figures; the weights are in a folder beside it.
  package let store: Store
  /// The engine that trains.
  package let engine: any Engine
  /// The images.
  package let batches: any BatchSource
  /// What the sweep runs on.
  package let environment: RunEnvironment
  /// What it does beyond the ordinary.
  package var options = SweepRunner.Options()
  /// Whether the user wants it to stop.
  package var interrupt = Interrupt()
  /// How files are written.
  var files: any ResultFiles = DiskFiles()
  /// A clock in seconds that never goes back.
  var clock: () -> Double
  /// Waits for some seconds.
  var pause: (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }
  /// The recipes of the planned cells, by id.
  private let recipes: [String: CellRecipe]

  /// A sweep of `plan` that records its results in `store`.
  package init(
    plan: Plan, store: Store, engine: any Engine, batches: any BatchSource,
    environment: RunEnvironment
  ) {
    self.plan = plan
    self.store = store
    self.engine = engine
    self.batches = batches
    self.environment = environment
    recipes = Dictionary(
      plan.items.map { ($0.cell.id, $0.recipe) }, uniquingKeysWith: { $1 })
    let start = ContinuousClock.now
    clock = { (ContinuousClock.now - start) / .seconds(1) }
  }

  var experiment: Experiment { plan.experiment }

  /// The recipe of a planned cell.
  func recipe(of cell: Cell) -> CellRecipe? { recipes[cell.id] }

  /// The planned cells as the store has them, by their ids in the plan.
  func records() throws(SweepError) -> [String: CellRecord] {
    let records = Dictionary(
      try store.cells(of: experiment.name).map { ($0.description.recipe, $0) },
      uniquingKeysWith: { $1 })
    return recipes.compactMapValues { records[$0] }
  }

  /// Whether a cell with this progress is trained no further.
  func isOver(_ cell: Cell, _ progress: Checkpoint.Progress) -> Bool {
    progress.epoch >= experiment.epochs
      || (progress.step == 0 && cell.recipe.earlyStopping?.reason(progress.patience) != nil)
  }
}
