import Results

/// Tells the observer of a sweep what happens.
final class RunReporter {
  private let observer: (any RunObserver)?
  private let clock: () -> Double
  /// What the observer is shown.
  private(set) var progress: SweepProgress

  init(_ observer: (any RunObserver)?, epochs: Int, clock: @escaping () -> Double) {
    self.observer = observer
    self.clock = clock
    progress = SweepProgress(epochs: epochs, began: clock())
  }

  /// Sets the rows that the observer is shown.
  func show(_ rows: [SweepProgress.Row]) {
    progress.begin(rows, at: clock())
  }

  /// Changes the row of a cell, and tells the observer what happened.
  func report(_ event: RunEvent, row: Int, _ change: (inout SweepProgress.Row) -> Void) {
    change(&progress.rows[row])
    progress.now = clock()
    observer?.handle(event, progress)
  }

  /// Updates the rows of cells that other sweeps train.
  func refresh(_ records: [String: CellRecord]) {
    for index in progress.rows.indices {
      guard let record = records[progress.rows[index].id] else { continue }
      progress.rows[index].status = record.status
      progress.rows[index].completed = max(progress.rows[index].completed, record.completedEpochs)
    }
  }

  /// Tells the observer something that concerns no single cell.
  func note(_ text: String) {
    progress.now = clock()
    observer?.handle(.note(text), progress)
  }
}
