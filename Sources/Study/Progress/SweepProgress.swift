import Results

package struct SweepProgress: Sendable {
  package struct Row: Sendable {
    package let id: String
    package var status = CellStatus.pending
    package var completed = 0
    /// Completed steps of the next epoch.
    package var step = 0
    package let steps: Int
    /// Mean loss of the epoch so far, or of the last one.
    package var trainLoss: Double?
    /// Accuracy of the epoch so far, or of the last one.
    package var trainAccuracy: Double?
    package var valLoss: Double?
    package var valAccuracy: Double?
    package var imagesPerSecond: Double?
    /// Multiply-accumulates of an epoch; a training step counts as three evaluations.
    package let epochCost: Double
  }

  package let epochs: Int
  package internal(set) var rows: [Row] = []
  package internal(set) var now: Double
  private var began: Double
  private var costAtStart = 0.0

  init(epochs: Int, began: Double) {
    self.epochs = epochs
    self.began = began
    now = began
  }

  /// Starts from the current state of the cells.
  mutating func begin(_ rows: [Row], at time: Double) {
    self.rows = rows
    began = time
    now = time
    costAtStart = costDone
  }

  /// The fraction of the cost that is done; cells that diverged or failed do not count.
  package var fraction: Double {
    let counted = rows.filter { $0.status == .done || !$0.isOver }
    // A cell that stopped early is complete.
    let all = counted.reduce(0) {
      $0 + $1.epochCost * ($1.status == .done ? $1.done : Double(epochs))
    }
    let done = counted.reduce(0) { $0 + $1.epochCost * $1.done }
    return all > 0 ? min(1, done / all) : 1
  }

  /// Estimated seconds left, weighted by cost; nil before the first step.
  package var secondsLeft: Double? {
    let done = costDone - costAtStart
    guard done > 0, now > began else { return nil }
    return costLeft * (now - began) / done
  }

  private var costDone: Double {
    rows.reduce(0) { $0 + $1.epochCost * $1.done }
  }

  private var costLeft: Double {
    rows.reduce(0) { $1.isOver ? $0 : $0 + $1.epochCost * max(0, Double(epochs) - $1.done) }
  }
}

extension SweepProgress.Row {
  init(
    _ item: Plan.Item, record: CellRecord?, figures: ResultRow?, steps: Int, size: DataSize
  ) {
    self.init(
      id: item.cell.id, status: record.flatMap { $0.isPending ? nil : $0.status } ?? .pending,
      completed: record?.completedEpochs ?? 0, steps: steps,
      epochCost: Double(item.cost.macs) * Double(3 * size.trainImages + size.valImages))
    trainLoss = figures?.trainLoss
    trainAccuracy = figures?.trainAccuracy
    valLoss = figures?.valLoss
    valAccuracy = figures?.valAccuracy
    imagesPerSecond = figures?.imagesPerSecond
  }

  /// Completed epochs, including the fraction of the next one.
  fileprivate var done: Double {
    Double(completed) + (steps > 0 ? Double(step) / Double(steps) : 0)
  }

  fileprivate var isOver: Bool {
    switch status {
    case .done, .diverged, .failed: true
    case .pending, .running, .interrupted: false
    }
  }
}

package enum RunEvent: Sendable {
  case note(String)
  case started(String)
  case step(String)
  case epoch(String, EpochRecord)
  case ended(String, RunOutcome)
}

package protocol RunObserver: AnyObject {
  /// Handles an event; `progress` is the state after it.
  func handle(_ event: RunEvent, _ progress: SweepProgress)
}
