import Common
import Engine
import Foundation
import Networks
import Results
import Weights

/// A run of a cell.
///
/// Check `isActive` after every call: a run ends when training completes, when the loss diverges,
/// on failure, or when another sweep takes over the cell.
final class CellRun {
  let item: Plan.Item
  let row: Int
  let trainer: any Trainer
  private(set) var isActive = true
  /// Whether it has made all its epochs, so that `finish` must follow.
  private(set) var isComplete = false
  private(set) var progress: Checkpoint.Progress
  private let context: RunContext
  private let run: RunID
  private var checkpoints: WeightsFile

  var cell: Cell { item.cell }

  init(_ pending: PendingCell, _ trainer: any Trainer, context: RunContext) throws(SweepError) {
    item = pending.item
    row = pending.row
    self.trainer = trainer
    self.context = context
    progress = pending.progress
    checkpoints = try context.files.place(.checkpoint, of: pending.item)
    run = try context.begin(item.cell, pending.record, resumedEpochs: pending.progress.epoch)
    context.reporter.report(.started(item.cell.id), row: row) { $0.status = .running }
  }

  /// The learning rate of the next step.
  var nextLearningRate: Double { learningRate(step: progress.step) }

  /// Records a training step that took `seconds`.
  ///
  /// Ends the run as diverged if the loss is not finite.
  func record(_ result: BatchResult, seconds: Double) throws(SweepError) {
    progress.sums.lossSum += result.lossSum
    progress.sums.correct += result.correct
    progress.sums.count += result.count
    progress.step += 1
    progress.seconds += seconds
    guard result.lossSum.isFinite else {
      let loss = result.lossSum.isNaN ? "not a number" : "infinite"
      return try diverge(
        "the loss became \(loss) in epoch \(progress.epoch + 1), step \(progress.step)", val: nil)
    }
    context.reporter.report(.step(cell.id), row: row) { row in
      row.step = progress.step
      row.trainLoss = progress.sums.loss
      row.trainAccuracy = progress.sums.accuracy
      row.imagesPerSecond = progress.imagesPerSecond
    }
  }

  /// Records the epoch with its checkpoint.
  func endEpoch(val: BatchResult, seconds: Double) throws(SweepError) {
    guard val.count == 0 || val.lossSum.isFinite else {
      return try diverge(
        "the validation loss is not finite after epoch \(progress.epoch + 1)", val: (val, seconds))
    }
    let record = epochRecord(val: val.count == 0 ? nil : (val, seconds))
    let stopping = cell.recipe.earlyStopping
    var patience = progress.patience
    stopping?.take(record, into: &patience)
    progress = Checkpoint.Progress(epoch: progress.epoch + 1, patience: patience)
    // Keep predictions only if the source and engine provide all of them, for all images.
    let isWhole = val.predictions.count == val.count && cell.recipe.fold == nil
    let predictions = isWhole ? val.predictions : nil
    try unlessTakenOver { () throws(SweepError) in
      try checkpoints.write(checkpoint().contents, epoch: progress.epoch) {
        (file, publish) throws(SweepError) in
        try context.setup.store.record(
          record, of: run, predictions: predictions, file: file, publish: publish)
      }
    }
    guard isActive else { return }
    report(record)
    isComplete = context.setup.isOver(cell, progress)
  }

  /// Records the final weights and the latency, which is measured on the whole device.
  func finish() throws(SweepError) {
    try trainer.join(team: nil)
    if let seconds = trainer.measureLatency() {
      try context.setup.store.record(latencySeconds: seconds, of: run)
    }
    let reason =
      progress.epoch < epochs ? cell.recipe.earlyStopping?.reason(progress.patience) : nil
    let metadata = context.identity(of: item).merging(["epoch": "\(progress.epoch)"]) { $1 }
    var final = try context.files.place(.final, of: item)
    let isEnded = try end(reason.map { .stopped($0) } ?? .done) { outcome throws(SweepError) in
      try final.write(
        Safetensors.Contents(tensors: try trainer.stateDict(), metadata: metadata),
        epoch: progress.epoch
      ) { (file, publish) throws(SweepError) in
        try context.setup.store.finish(run, outcome, file: file, publish: publish)
      }
    }
    if isEnded { checkpoints.removePrevious() }
  }

  /// Records the figures of the final weights on the test images.
  func record(test sums: BatchResult) throws(SweepError) {
    try context.setup.store.record(
      testLoss: sums.loss, testAccuracy: sums.accuracy, epoch: progress.epoch, of: run)
  }

  private var epochs: Int { context.setup.plan.experiment.epochs }

  private func learningRate(step: Int) -> Double {
    let (images, batch) = (
      context.setup.batches.size.of(cell.recipe).trainImages, cell.recipe.batchSize
    )
    return cell.recipe.schedule.rate(
      base: cell.recipe.optimizer.learningRate, epoch: progress.epoch, step: step,
      stepsPerEpoch: (images + batch - 1) / batch)
  }

  func save() throws(SweepError) {
    try unlessTakenOver { () throws(SweepError) in
      try checkpoints.write(checkpoint().contents, epoch: progress.epoch) {
        (file, publish) throws(SweepError) in
        try context.setup.store.record(file, of: run, publish: publish)
      }
    }
  }

  /// Writes a checkpoint, also within an epoch, and ends the run as interrupted.
  func interrupt() throws(SweepError) {
    try save()
    if isActive { try end(.interrupted) }
  }

  /// Ends the run after an epoch, whose checkpoint is written; another one can continue.
  func release() throws(SweepError) { try end(.interrupted) }

  func fail(_ error: SweepError) throws(SweepError) {
    try end(.failed(error.description))
  }

  private func diverge(
    _ reason: String, val: (BatchResult, seconds: Double)?
  ) throws(SweepError) {
    let record = epochRecord(val: val)
    try unlessTakenOver { () throws(SweepError) in
      try context.setup.store.record(record, of: run)
    }
    guard isActive else { return }
    report(record)
    try end(.diverged(reason))
  }

  private func end(_ outcome: RunOutcome) throws(SweepError) {
    try end(outcome) { outcome throws(SweepError) in try context.setup.store.finish(run, outcome) }
  }

  /// Ends the run with `finish`; returns false if another sweep has taken over the cell.
  @discardableResult
  private func end(
    _ outcome: RunOutcome, finish: (RunOutcome) throws(SweepError) -> Void
  ) throws(SweepError) -> Bool {
    try unlessTakenOver { () throws(SweepError) in try finish(outcome) }
    guard isActive else { return false }
    isActive = false
    context.reporter.report(.ended(cell.id, outcome), row: row) { $0.status = CellStatus(outcome) }
    return true
  }

  /// Runs `body`, which requires ownership of the cell; the run ends if another sweep has taken
  /// over the cell.
  private func unlessTakenOver(_ body: () throws(SweepError) -> Void) throws(SweepError) {
    do {
      try body()
    } catch {
      guard try !context.setup.store.isRunning(run) else { throw error }
      isActive = false
      context.reporter.report(.note("\(cell.id): another sweep has taken it over"), row: row) {
        $0.status = .pending
      }
    }
  }

  private func checkpoint() throws(SweepError) -> Checkpoint {
    Checkpoint(
      identity: context.identity(of: item), progress: progress, weights: try trainer.stateDict(),
      optimizerState: try trainer.optimizerState())
  }

  private func epochRecord(val: (sums: BatchResult, seconds: Double)?) -> EpochRecord {
    EpochRecord(
      epoch: progress.epoch + 1, trainLoss: progress.sums.loss,
      trainAccuracy: progress.sums.accuracy, valLoss: val?.sums.loss,
      valAccuracy: val?.sums.accuracy, learningRate: learningRate(step: max(0, progress.step - 1)),
      trainSeconds: progress.seconds, valSeconds: val?.seconds,
      imagesPerSecond: progress.imagesPerSecond)
  }

  private func report(_ record: EpochRecord) {
    context.reporter.report(.epoch(cell.id, record), row: row) { row in
      row.completed = record.epoch
      row.step = 0
      row.trainLoss = record.trainLoss
      row.trainAccuracy = record.trainAccuracy
      row.valLoss = record.valLoss
      row.valAccuracy = record.valAccuracy
      row.imagesPerSecond = record.imagesPerSecond
    }
  }
}

extension Checkpoint.Progress {
  fileprivate var imagesPerSecond: Double {
    seconds > 0 ? Double(sums.count) / seconds : 0
  }
}

extension CellStatus {
  fileprivate init(_ outcome: RunOutcome) {
    switch outcome {
    case .done, .stopped: self = .done
    case .diverged: self = .diverged
    case .failed: self = .failed
    case .interrupted: self = .interrupted
    }
  }
}
