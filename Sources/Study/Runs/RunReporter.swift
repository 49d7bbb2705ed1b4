import Results

final class RunReporter {
  private let observer: (any RunObserver)?
  private let clock: () -> Double
  private(set) var progress: SweepProgress

  init(_ observer: (any RunObserver)?, epochs: Int, clock: @escaping () -> Double) {
    self.observer = observer
    self.clock = clock
    progress = SweepProgress(epochs: epochs, began: clock())
  }

  func show(_ rows: [SweepProgress.Row]) {
    progress.begin(rows, at: clock())
  }

  func report(_ event: RunEvent, row: Int, _ change: (inout SweepProgress.Row) -> Void) {
    change(&progress.rows[row])
    progress.now = clock()
    observer?.handle(event, progress)
  }

  func refresh(_ records: [String: CellRecord]) {
    for index in progress.rows.indices {
      guard let record = records[progress.rows[index].id] else { continue }
      progress.rows[index].status = record.status
      progress.rows[index].completed = max(progress.rows[index].completed, record.completedEpochs)
    }
  }

  func note(_ text: String) {
    progress.now = clock()
    observer?.handle(.note(text), progress)
  }
}
