import Results

/// The progress of a sweep.
package struct SweepProgress: Sendable {
  /// One cell.
  package struct Row: Sendable {
    /// The cell's id.
    package let id: String
    /// Its status.
    package var status: CellStatus
    /// Epochs that are complete.
    package var completed: Int
    /// Steps of the next epoch that are done.
    package var step = 0
    /// Steps of an epoch.
    package let steps: Int
    /// Mean loss of the epoch so far, or of the last one.
    package var trainLoss: Double?
    /// Accuracy of the epoch so far, or of the last one.
    package var trainAccuracy: Double?
    /// Validation loss of the last epoch.
    package var valLoss: Double?
    /// Validation accuracy of the last epoch.
    package var valAccuracy: Double?
    /// Images trained per second.
    package var imagesPerSecond: Double?
    /// Multiply-accumulates of an epoch, a training step counted as three evaluations.
    package let epochCost: Double

    init(
      id: String, status: CellStatus = .pending, completed: Int = 0, steps: Int, epochCost: Double
    ) {
      self.id = id
      self.status = status
      self.completed = completed
      self.steps = steps
      self.epochCost = epochCost
    }

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
  }

  /// The number of epochs that each cell is trained for.
  package let epochs: Int
  /// The cells of this sweep, in the grid's order.
  package internal(set) var rows: [Row] = []
  /// The current time in seconds.
  package internal(set) var now: Double
  private var began: Double
  private var costAtStart = 0.0

  init(epochs: Int, began: Double) {
    self.epochs = epochs
    self.began = began
    now = began
  }

  /// Starts with the current state of a sweep's cells.
  mutating func begin(_ rows: [Row], at time: Double) {
    self.rows = rows
    began = time
    now = time
    costAtStart = costDone
  }

  /// The fraction of all cells' cost that is done.
  package var fraction: Double {
    let all = rows.reduce(0) {
      // A cell that stopped early is complete.
      $0 + $1.epochCost * ($1.status == .done ? $1.done : Double(epochs))
    }
    return all > 0 ? 1 - costLeft / all : 1
  }

  /// Estimated seconds to the end, with each cell weighted by its cost; nil before the first step.
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
  /// Epochs that are done, including the finished part of the next one.
  fileprivate var done: Double {
    Double(completed) + (steps > 0 ? Double(step) / Double(steps) : 0)
  }

  /// Whether it will not be trained any further.
  fileprivate var isOver: Bool {
    switch status {
    case .done, .diverged, .failed: true
    case .pending, .running, .interrupted: false
    }
  }
}
