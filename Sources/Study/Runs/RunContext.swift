import Common
import Results

struct RunContext {
  let setup: SweepSetup
  let files: CellFiles
  let reporter: RunReporter
  let leases: CellLeases
  /// SHA-256 of the initial-weights files, by the SHA-256 of their recipes.
  let initialWeights: [String: String]

  /// The metadata that identifies a file's cell.
  func identity(of item: Plan.Item) -> [String: String] {
    ["recipe": item.recipe.text, "initial_weights": initialHash(of: item.cell)]
  }

  private func initialHash(of cell: Cell) -> String {
    setup.recipe(of: cell).flatMap { initialWeights[$0.initialWeights.sha256] } ?? ""
  }

  func begin(_ cell: Cell, _ record: CellRecord, resumedEpochs: Int) throws(SweepError) -> RunID {
    let run = setup.environment.description(
      initialWeights: initialHash(of: cell), dataFingerprint: setup.batches.fingerprint,
      resumedEpochs: resumedEpochs)
    return try setup.store.begin(run, of: record, by: leases.sweep)
  }

  /// Records that a cell failed before training began; earlier records stay.
  func fail(
    _ cell: Cell, _ record: CellRecord, row: Int, _ error: SweepError
  ) throws(SweepError) {
    let run = try begin(cell, record, resumedEpochs: record.completedEpochs)
    let outcome = RunOutcome.failed(error.description)
    try setup.store.finish(run, outcome)
    reporter.report(.ended(cell.id, outcome), row: row) { $0.status = .failed }
  }
}

struct CellFiles {
  let setup: SweepSetup
  let folder: ResultFolder

  func file(_ kind: FileRecord.Kind, of cell: Cell) throws(SweepError) -> WeightsFile? {
    guard let recipe = setup.recipe(of: cell),
      let record = try setup.store.file(
        kind, of: kind == .initial ? recipe.initialWeights : recipe, in: setup.experiment.name),
      record.isWritten
    else { return nil }
    return WeightsFile(record, in: setup.store.folder, files: setup.files)
  }

  func place(_ kind: FileRecord.Kind, of item: Plan.Item) throws(SweepError) -> WeightsFile {
    try WeightsFile.place(
      kind, of: item.recipe, in: setup.experiment.name,
      name: "\(folder.name)/\(kind.folder)/\(item.cell.id)", store: setup.store,
      files: setup.files)
  }
}
