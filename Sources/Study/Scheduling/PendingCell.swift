import Common
import Engine
import Results
import Weights

/// A cell with work left, and its starting point.
struct PendingCell {
  let item: Plan.Item
  let row: Int
  let record: CellRecord
  /// The checkpoint's progress; zero without one.
  let progress: Checkpoint.Progress

  /// The recorded checkpoint; nil if the cell starts from its initial weights.
  private let checkpoint: WeightsFile?

  /// Reads the state that earlier runs left; throws if it is damaged or missing.
  init(_ item: Plan.Item, row: Int, record: CellRecord, context: RunContext) throws(SweepError) {
    self.item = item
    self.row = row
    self.record = record
    let file = record.lastRun == nil ? nil : try context.files.file(.checkpoint, of: item.cell)
    try file?.recover(recordedEpochs: record.completedEpochs)
    // An older version did not record whether a checkpoint exists.
    guard let file, file.exists || file.record.sha256 != nil else {
      if record.completedEpochs > 0 && !record.hasFailed && !context.setup.options.retrainLost {
        context.reporter.note(
          "\(item.cell.id) has no checkpoint: training restarts from the beginning")
      }
      progress = Checkpoint.Progress()
      checkpoint = nil
      return
    }
    do {
      let contents = try file.contents(note: context.reporter.note)
      let progress = try Checkpoint(contents, path: file.path).progress
      // An older version may have left one of epochs that the store does not know.
      let isKnown = progress.epoch <= record.completedEpochs
      self.progress = isKnown ? progress : Checkpoint.Progress()
      checkpoint = isKnown ? file : nil
    } catch {
      guard context.setup.options.retrainLost else { throw error }
      context.reporter.note("\(item.cell.id) is trained again: \(error.location): \(error.message)")
      progress = Checkpoint.Progress()
      checkpoint = nil
    }
  }

  func trainer(context: RunContext) throws(SweepError) -> any Trainer {
    let trainer = try context.setup.engine.trainer(for: item.job)
    if progress != Checkpoint.Progress(), let file = checkpoint {
      let checkpoint = try Checkpoint(try file.contents(), path: file.path)
      try trainer.loadStateDict(checkpoint.weights, from: file.path)
      try trainer.loadOptimizerState(checkpoint.optimizerState, from: file.path)
    } else if let file = try context.files.file(.initial, of: item.cell) {
      try trainer.loadStateDict(try file.contents().tensors, from: file.path)
      if let before = context.setup.plan.predecessor(of: item.cell) {
        try trainer.loadOptimizerState(
          try carriedOver(from: before, context: context).optimizerState, from: before.id)
      }
    }
    return trainer
  }

  /// The checkpoint with the optimizer that this cell continues with.
  private func carriedOver(
    from before: Cell, context: RunContext
  ) throws(SweepError) -> Checkpoint {
    if let file = try context.files.file(.checkpoint, of: before) {
      let checkpoint = try Checkpoint(try file.contents(), path: file.path)
      if context.setup.isOver(before, checkpoint.progress) { return checkpoint }
    }
    throw SweepError(
      .runFailed, "its optimizer is carried over from \(before.id), which is not done",
      advice: "run that cell first, then this one with --retry-failed")
  }
}

extension CellRecord {
  /// Whether a plain run has work for it; a failed or diverged cell would only fail again.
  var isPending: Bool { status != .done && !hasFailed }

  var hasFailed: Bool { status == .failed || status == .diverged }
}
