import Common
import Results

/// Removes checkpoints of completed cells; they are needed only to train for more epochs.
package struct CheckpointRemoval {
  package private(set) var count = 0
  package private(set) var bytes = 0
  /// The checkpoints that were kept, as `cell: reason`.
  package private(set) var kept: [String] = []

  /// Removes the experiment's checkpoints from `store`.
  ///
  /// Keeps a checkpoint that holds a cell's only weights, or whose optimizer state an unfinished
  /// cell still needs.
  package init(of experiment: String, in store: Store) throws(SweepError) {
    let cells = try store.cells(of: experiment)
    let isComplete = cells.allSatisfy { $0.status == .done }
    for cell in cells where cell.status == .done && cell.claim == nil {
      let (recipe, id) = (cell.description.recipe, cell.description.id)
      guard var record = try store.file(.checkpoint, of: recipe, in: experiment), record.isWritten
      else { continue }
      let known = try Cell(stored: recipe, id: id, epochs: cell.description.epochs)
      if !isComplete && known.recipe.optimizer.carryOver {
        kept.append("\(id): other cells continue with its optimizer")
        continue
      }
      do {
        _ = try FinalWeights(of: experiment, in: store).data(of: cell.description)
      } catch {
        kept.append("\(id): \(error.message)")
        continue
      }
      bytes += WeightsFile(record, in: store.folder, files: DiskFiles()).remove()
      count += 1
      (record.sha256, record.bytes, record.epoch, record.previousSHA256) = (nil, nil, nil, nil)
      try store.record(record) {}
    }
  }
}
