import Common
import Engine
import Results

/// What all parts of a sweep share while it runs.
final class RunContext {
  let plan: Plan
  let store: Store
  var folder: ResultFolder
  let engine: any Engine
  let batches: any BatchSource
  let interrupt: Interrupt
  /// A clock in seconds that never goes back.
  let clock: () -> Double
  let files: any ResultFiles
  let options: SweepRunner.Options
  /// Which cells this sweep has; nil before it has begun.
  var claims: Claims?
  let environment: RunEnvironment
  private let observer: (any RunObserver)?
  /// What the observer is shown.
  private(set) var progress: SweepProgress
  /// SHA-256 of the files of initial weights, by that of their recipes.
  var initialWeights: [String: String] = [:]
  /// The recipes of the planned cells, by id.
  private let recipes: [String: CellRecipe]

  init(
    plan: Plan, store: Store, folder: ResultFolder, engine: any Engine,
    batches: any BatchSource, environment: RunEnvironment, interrupt: Interrupt,
    observer: (any RunObserver)?, options: SweepRunner.Options, files: any ResultFiles,
    clock: @escaping () -> Double
  ) {
    self.plan = plan
    self.store = store
    self.folder = folder
    self.engine = engine
    self.batches = batches
    self.environment = environment
    self.interrupt = interrupt
    self.observer = observer
    self.options = options
    self.files = files
    self.clock = clock
    recipes = Dictionary(
      plan.items.map { ($0.cell.id, $0.recipe) }, uniquingKeysWith: { $1 })
    progress = SweepProgress(epochs: plan.experiment.epochs, began: clock())
  }

  /// Whether a cell that has come so far is to be trained no further.
  func isOver(_ cell: Cell, _ progress: Checkpoint.Progress) -> Bool {
    progress.epoch >= plan.experiment.epochs
      || (progress.step == 0 && cell.recipe.earlyStopping?.reason(progress.patience) != nil)
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

  /// Takes into the rows how cells stand that others train.
  func refresh(_ records: [String: CellRecord]) {
    for index in progress.rows.indices {
      guard let record = records[progress.rows[index].id] else { continue }
      progress.rows[index].status = record.status
      progress.rows[index].completed = max(progress.rows[index].completed, record.completedEpochs)
    }
  }

  /// The planned cells as the store has them, by the ids that they have in the plan.
  func records() throws(SweepError) -> [String: CellRecord] {
    let records = Dictionary(
      try store.cells(of: plan.experiment.name).map { ($0.description.recipe, $0) },
      uniquingKeysWith: { $1 })
    return recipes.compactMapValues { records[$0] }
  }

  /// A file of a planned cell; nil where none was ever written.
  func file(_ kind: FileRecord.Kind, of cell: Cell) throws(SweepError) -> WeightsFile? {
    guard let recipe = recipes[cell.id],
      let record = try store.file(
        kind, of: kind == .initial ? recipe.initialWeights : recipe, in: plan.experiment.name),
      record.isWritten
    else { return nil }
    return WeightsFile(record, in: store.folder, files: files)
  }

  /// The place for a file of a planned cell.
  func place(_ kind: FileRecord.Kind, of item: Plan.Item) throws(SweepError) -> WeightsFile {
    try WeightsFile.place(
      kind, of: item.recipe, in: plan.experiment.name,
      name: "\(folder.name)/\(kind.folder)/\(item.cell.id)", store: store, files: files)
  }

  /// Tells the observer something that concerns no cell.
  func note(_ text: String) {
    progress.now = clock()
    observer?.handle(.note(text), progress)
  }

  /// What a file says of the cell that it belongs to.
  func identity(of item: Plan.Item) -> [String: String] {
    ["recipe": item.recipe.text, "initial_weights": initialHash(of: item.cell)]
  }

  private func initialHash(of cell: Cell) -> String {
    recipes[cell.id].flatMap { initialWeights[$0.initialWeights.sha256] } ?? ""
  }

  /// Begins a run of a cell that builds on `resumedEpochs` epochs.
  func begin(_ cell: Cell, _ record: CellRecord, resumedEpochs: Int) throws(SweepError) -> RunID {
    let run = environment.description(
      initialWeights: initialHash(of: cell), dataFingerprint: batches.fingerprint,
      resumedEpochs: resumedEpochs)
    return try store.begin(run, of: record, by: claims?.sweep)
  }

  /// Records that a cell failed before its training began; what was recorded of it stays.
  func fail(
    _ cell: Cell, _ record: CellRecord, row: Int, _ error: SweepError
  ) throws(SweepError) {
    let run = try begin(cell, record, resumedEpochs: record.completedEpochs)
    let outcome = RunOutcome.failed(error.description)
    try store.finish(run, outcome)
    report(.ended(cell.id, outcome), row: row) { $0.status = .failed }
  }
}
