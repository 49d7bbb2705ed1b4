import ArgumentParser
import Common
import Results
import Study

struct TrainedCellOptions: ParsableArguments {
  @Argument(
    help: StoreOptions.cellHelp, completion: Completions.cells)
  var cell: String

  @OptionGroup var stored: StoreOptions

  @OptionGroup var threads: ThreadOptions

  /// Loads the network for batches of `batchSize` images (default: the recipe's).
  func classifier(batchSize: Int? = nil) throws(SweepError) -> Classifier {
    let store = try Store.read(stored.store)
    let trained = try TrainedCell.open(cell, of: stored.chosen(in: store), in: store)
    return try Classifier(
      trained, on: makeEngine(threads: threads.count),
      batchSize: batchSize ?? trained.cell.recipe.batchSize, threads: threads.count)
  }
}

extension TrainedCell {
  /// Opens a cell; if its training is not done, prints its progress to standard error.
  static func open(
    _ id: String, of experiment: String?, in store: Store
  ) throws(SweepError) -> TrainedCell {
    let trained = try TrainedCell(id, of: experiment, in: store)
    if let note = trained.note { Output.note("sweep: \(note)\n") }
    return trained
  }
}
