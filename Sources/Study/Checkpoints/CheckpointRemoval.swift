import Common
import Results

/// Removes the checkpoints of cells that are done: only training for more epochs needs them.
package struct CheckpointRemoval {
  package private(set) var count = 0
  package private(set) var bytes = 0
  /// Why checkpoints were kept, each with its cell.
  package private(set) var kept: [String] = []

  /// Removes those of an experiment in `store`.
  ///
  /// One stays where it is all that is left of a cell's weights, and where a cell that is not done
  /// goes on with its optimizer.
  package init(of experiment: String, in store: Store) throws(SweepError) {
    let cells = try store.cells(of: experiment)
    let isComplete = cells.allSatisfy { $0.status == .done }
    for cell in cells where cell.status == .done && cell.claim == nil {
      let (recipe, id) = (cell.description.recipe, cell.description.id)
      guard var record = try store.file(.checkpoint, of: recipe, in: experiment), record.isWritten
      else { continue }
      let known = try Cell(stored: recipe, id: id, epochs: cell.description.epochs)
      if !isComplete && known.recipe.optimizer.carryOver {
        kept.append("\(id): other cells go on with its optimizer")
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
