import Common
import Engine
import Foundation
import Results

package struct SweepSetup {
  package let plan: Plan
  /// The store of the figures; weights are in a folder beside it.
  package let store: Store
  package let engine: any Engine
  package let batches: any BatchSource
  package let environment: RunEnvironment
  package var options = SweepRunner.Options()
  package var interrupt = Interrupt()
  var files: any ResultFiles = DiskFiles()
  /// A monotonic clock in seconds.
  var clock: () -> Double
  var pause: (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }
  private let recipes: [String: CellRecipe]

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

  func recipe(of cell: Cell) -> CellRecipe? { recipes[cell.id] }

  /// The planned cells as recorded in the store, by id.
  func records() throws(SweepError) -> [String: CellRecord] {
    let records = Dictionary(
      try store.cells(of: experiment.name).map { ($0.description.recipe, $0) },
      uniquingKeysWith: { $1 })
    return recipes.compactMapValues { records[$0] }
  }

  func isOver(_ cell: Cell, _ progress: Checkpoint.Progress) -> Bool {
    progress.epoch >= experiment.epochs
      || (progress.step == 0 && cell.recipe.earlyStopping?.reason(progress.patience) != nil)
  }
}
