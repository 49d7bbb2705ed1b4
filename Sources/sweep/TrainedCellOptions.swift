import ArgumentParser
import Common
import Results
import Study

struct TrainedCellOptions: ParsableArguments {
  @Argument(help: StoreOptions.cellHelp)
  var cell: String

  @OptionGroup var stored: StoreOptions

  @OptionGroup var threads: ThreadOptions

  /// The network at work with batches of `batchSize` images, its recipe's where that is nil.
  func classifier(batchSize: Int? = nil) throws(SweepError) -> Classifier {
    let store = try Store.read(stored.store)
    let trained = try TrainedCell.open(cell, of: stored.chosen(in: store), in: store)
    return try Classifier(
      trained, on: makeEngine(threads: threads.count),
      batchSize: batchSize ?? trained.cell.recipe.batchSize, threads: threads.count)
  }
}

extension TrainedCell {
  /// The cell of that id; where its training is not done, standard error tells how far it is.
  static func open(
    _ id: String, of experiment: String?, in store: Store
  ) throws(SweepError) -> TrainedCell {
    let trained = try TrainedCell(id, of: experiment, in: store)
    if let note = trained.note { Output.note("sweep: \(note)\n") }
    return trained
  }
}
