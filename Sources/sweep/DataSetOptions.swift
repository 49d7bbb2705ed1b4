import ArgumentParser
import Foundation

/// What the commands that read a data set have in common.
struct DataSetOptions: ParsableArguments {
  @Argument(help: "The data set's folder.", completion: .directory)
  var root: String
  @Option(help: "Its folder of training images.")
  var train = "train"
  @Option(help: "Its folder of validation images.")
  var val = "val"
  @Option(help: "How many threads decode images.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard threads > 0 else { throw ValidationError("--threads must be 1 or more, not \(threads)") }
  }
}
