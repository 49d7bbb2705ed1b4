import Common
import Results

/// What all parts of a sweep share while it runs.
final class RunContext {
  let plan: Plan
  let store: Store
  let folder: ResultFolder
  let engine: any TrainingEngine
  let batches: any BatchSource
  let interrupt: Interrupt
  /// A clock in seconds that never goes back.
  let clock: () -> Double
  private let environment: RunEnvironment
  private let recipeHash: String
  private let observer: (any RunObserver)?
  /// What the observer is shown.
  private(set) var progress: SweepProgress
  /// SHA-256 of the files of initial weights, by name.
  var initialWeights: [String: String] = [:]

  init(
    plan: Plan, store: Store, folder: ResultFolder, engine: any TrainingEngine,
    batches: any BatchSource, environment: RunEnvironment, interrupt: Interrupt,
    observer: (any RunObserver)?, clock: @escaping () -> Double
  ) {
    self.plan = plan
    self.store = store
    self.folder = folder
    self.engine = engine
    self.batches = batches
    self.environment = environment
    self.interrupt = interrupt
    self.observer = observer
    self.clock = clock
    recipeHash = plan.experiment.recipeText.hash
    progress = SweepProgress(epochs: plan.experiment.epochs, began: clock())
  }

  /// The rows that the observer is shown.
  func show(_ rows: [SweepProgress.Row]) {
    progress.begin(rows, at: clock())
  }

  /// Changes the row of a cell, and tells the observer what happened.
  func report(_ event: RunEvent, row: Int, _ change: (inout SweepProgress.Row) -> Void) {
    change(&progress.rows[row])
    progress.now = clock()
    observer?.handle(event, progress)
  }

  /// Tells the observer something that concerns no cell.
  func note(_ text: String) {
    progress.now = clock()
    observer?.handle(.note(text), progress)
  }

  /// What a checkpoint says of whom it belongs to.
  func identity(of cell: Cell) -> [String: String] {
    [
      "experiment": plan.experiment.name, "cell": cell.id, "recipe": recipeHash,
      "initial_weights": initialWeights[cell.initialWeightsName] ?? "",
    ]
  }

  /// Begins a run of a cell that builds on `resumedEpochs` epochs.
  func begin(_ cell: Cell, _ record: CellRecord, resumedEpochs: Int) throws(SweepError) -> RunID {
    let run = environment.description(
      initialWeights: initialWeights[cell.initialWeightsName] ?? "",
      dataFingerprint: batches.fingerprint, resumedEpochs: resumedEpochs)
    return try store.begin(run, of: record)
  }
}
