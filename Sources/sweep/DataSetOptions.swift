import ArgumentParser
import Common

/// What the commands that read a data set have in common.
struct DataSetOptions: ParsableArguments {
  @Argument(help: "The data set's folder.", completion: .directory)
  var root: String
  @Option(help: "Its folder of training images.")
  var train = "train"
  @Option(help: "Its folder of validation images.")
  var val = "val"
  @Option(help: "How many threads decode images.")
  var threads = Processors.available

  func validate() throws {
    guard (1...Threads.maximum).contains(threads) else {
      throw ValidationError("--threads must be from 1 to \(Threads.maximum), not \(threads)")
    }
  }
}
