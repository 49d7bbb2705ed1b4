import ArgumentParser
import Common
import Results
import Study

/// What the commands that use a trained network have in common.
struct TrainedCellOptions: ParsableArguments {
  @Argument(help: "The network: a cell's id, as `sweep plan` and `sweep run` print it.")
  var cell: String

  @Option(help: "The experiment, where the store holds several.")
  var experiment: String?

  @Option(
    help: ArgumentHelp("The store; weights lie beside it.", valueName: "path"),
    completion: .file(extensions: ["sqlite"]))
  var store = Store.defaultPath

  @Option(help: "Threads; by default as many as this process may use processors.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
  }

  /// The network at work on `threads` threads, with batches of `batchSize` images, its recipe's
  /// where that is nil.
  func classifier(batchSize: Int? = nil) throws(SweepError) -> Classifier {
    let trained = try TrainedCell(cell, of: experiment, in: Store.read(store))
    return try Classifier(
      trained, batchSize: batchSize ?? trained.cell.recipe.batchSize,
      threads: threads ?? Processors.available)
  }
}
