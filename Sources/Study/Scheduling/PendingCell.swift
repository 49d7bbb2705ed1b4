import Common
import Engine
import Results
import Weights

/// A cell that has work left, and where that begins.
struct PendingCell {
  let item: Plan.Item
  /// Its row in what the observer is shown.
  let row: Int
  let record: CellRecord
  /// How far its checkpoint has come; nothing where there is none.
  let progress: Checkpoint.Progress

  /// Looks at what earlier runs have left; throws where it is damaged.
  init(_ item: Plan.Item, row: Int, record: CellRecord, context: RunContext) throws(SweepError) {
    self.item = item
    self.row = row
    self.record = record
    let files = context.checkpoints(of: item.cell)
    let identity = context.identity(of: item.cell)
    try files.recover(recordedEpochs: record.completedEpochs, identity: identity)
    guard record.lastRun != nil,
      let progress = try files.read(identity: identity, note: context.note)?.progress
    else {
      progress = Checkpoint.Progress()
      return
    }
    // A checkpoint of epochs that the store knows nothing of is another store's.
    self.progress = progress.epoch <= record.completedEpochs ? progress : Checkpoint.Progress()
  }

  /// Makes a trainer that stands where the cell stands.
  func trainer(context: RunContext) throws(SweepError) -> any Trainer {
    let trainer = try context.engine.trainer(for: item.job)
    let path = context.folder.checkpoint(of: item.cell)
    if progress != Checkpoint.Progress(),
      let checkpoint = try context.checkpoints(of: item.cell).read(
        identity: context.identity(of: item.cell))
    {
      try trainer.loadStateDict(checkpoint.weights, from: path)
      try trainer.loadOptimizerState(checkpoint.optimizerState, from: path)
    } else {
      let path = context.folder.initialWeights(of: item.cell)
      try trainer.loadStateDict(try Safetensors.read(path).tensors, from: path)
      if let before = try carriedOver(context: context) {
        try trainer.loadOptimizerState(
          before.optimizerState, from: before.identity["cell"] ?? "the cell before")
      }
    }
    return trainer
  }

  /// The checkpoint whose optimiser this cell goes on with; nil for a fresh optimiser.
  private func carriedOver(context: RunContext) throws(SweepError) -> Checkpoint? {
    guard let before = context.plan.predecessor(of: item.cell) else { return nil }
    let checkpoint = try context.checkpoints(of: before).read(
      identity: context.identity(of: before))
    guard let checkpoint, context.isOver(before, checkpoint.progress) else {
      throw SweepError(
        .runFailed, "its optimiser is carried over from \(before.id), which is not done",
        advice: "run that cell first, then this one with --retry-failed")
    }
    return checkpoint
  }
}

extension CellRecord {
  /// Whether it has work left that a plain run does: one that failed would fail again, one that
  /// diverged diverge.
  var isPending: Bool { status != .done && !hasFailed }

  /// Whether its last run failed or diverged.
  var hasFailed: Bool { status == .failed || status == .diverged }
}
