import Common
import Results

/// What the runs of a sweep share.
struct RunContext {
  let setup: SweepSetup
  let files: CellFiles
  let reporter: RunReporter
  /// Which cells this sweep trains.
  let leases: CellLeases
  /// SHA-256 of the files of initial weights, by SHA-256 of their recipes.
  let initialWeights: [String: String]

  /// What a file says of the cell that it belongs to.
  func identity(of item: Plan.Item) -> [String: String] {
    ["recipe": item.recipe.text, "initial_weights": initialHash(of: item.cell)]
  }

  private func initialHash(of cell: Cell) -> String {
    setup.recipe(of: cell).flatMap { initialWeights[$0.initialWeights.sha256] } ?? ""
  }

  /// Begins a run of a cell that builds on `resumedEpochs` epochs.
  func begin(_ cell: Cell, _ record: CellRecord, resumedEpochs: Int) throws(SweepError) -> RunID {
    let run = setup.environment.description(
      initialWeights: initialHash(of: cell), dataFingerprint: setup.batches.fingerprint,
      resumedEpochs: resumedEpochs)
    return try setup.store.begin(run, of: record, by: leases.sweep)
  }

  /// Records that a cell failed before its training began; its earlier records stay.
  func fail(
    _ cell: Cell, _ record: CellRecord, row: Int, _ error: SweepError
  ) throws(SweepError) {
    let run = try begin(cell, record, resumedEpochs: record.completedEpochs)
    let outcome = RunOutcome.failed(error.description)
    try setup.store.finish(run, outcome)
    reporter.report(.ended(cell.id, outcome), row: row) { $0.status = .failed }
  }
}
