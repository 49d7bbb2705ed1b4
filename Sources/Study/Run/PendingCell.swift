import Common
import Foundation
import Results
import Training

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
    try Self.recover(item.cell, record: record, context: context)
    let path = context.folder.checkpoint(of: item.cell)
    guard record.completedEpochs > 0 || record.status == .interrupted || record.status == .running,
      FileManager.default.fileExists(atPath: path)
    else {
      progress = Checkpoint.Progress()
      return
    }
    let progress = try Checkpoint(path: path, identity: context.identity(of: item.cell)).progress
    // A checkpoint of epochs that the store knows nothing of is another store's.
    self.progress = progress.epoch <= record.completedEpochs ? progress : Checkpoint.Progress()
  }

  /// Makes a trainer that stands where the cell stands.
  func trainer(context: RunContext) throws(SweepError) -> any CellTrainer {
    let trainer = try context.engine.trainer(for: item.cell, network: item.network)
    if progress != Checkpoint.Progress() {
      let path = context.folder.checkpoint(of: item.cell)
      let checkpoint = try Checkpoint(path: path, identity: context.identity(of: item.cell))
      try trainer.importState(checkpoint.weights, from: path)
      try trainer.importOptimizer(checkpoint.optimizerState, from: path)
    } else {
      let path = context.folder.initialWeights(of: item.cell)
      try trainer.importState(try Safetensors.read(path).tensors, from: path)
      if let before = try carriedOver(context: context) {
        try trainer.importOptimizer(
          before.optimizerState, from: before.identity["cell"] ?? "the cell before")
      }
    }
    return trainer
  }

  /// Puts a checkpoint in place whose epoch was recorded just before the program ended; one whose epoch was not is removed.
  private static func recover(
    _ cell: Cell, record: CellRecord, context: RunContext
  ) throws(SweepError) {
    let next = context.folder.nextCheckpoint(of: cell)
    guard FileManager.default.fileExists(atPath: next) else { return }
    if let checkpoint = try? Checkpoint(path: next, identity: context.identity(of: cell)),
      checkpoint.progress.epoch <= record.completedEpochs
    {
      try AtomicFile.move(next, to: context.folder.checkpoint(of: cell))
    } else {
      unlink(next)
    }
  }

  /// The checkpoint whose optimiser this cell goes on with: that of the resolution before; nil for the first one and
  /// for a fresh optimiser.
  private func carriedOver(context: RunContext) throws(SweepError) -> Checkpoint? {
    let cell = item.cell
    guard cell.recipe.optimizer.carryOver else { return nil }
    let order = context.plan.experiment.resolutions
    func position(_ cell: Cell) -> Int { order.firstIndex(of: cell.resolution) ?? 0 }
    let earlier = context.plan.items.map(\.cell).filter { other in
      other.model == cell.model && other.width == cell.width && other.seed == cell.seed
        && other.settings == cell.settings && position(other) < position(cell)
    }
    guard let before = earlier.max(by: { position($0) < position($1) }) else { return nil }
    let checkpoint = try Checkpoint(
      path: context.folder.checkpoint(of: before), identity: context.identity(of: before))
    guard checkpoint.progress.epoch == context.plan.experiment.epochs else {
      throw SweepError(
        .runFailed, at: cell.id,
        "its optimiser is carried over from \(before.id), which is not done",
        advice: "run that cell first")
    }
    return checkpoint
  }
}
