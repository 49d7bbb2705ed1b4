import ArgumentParser
import Common

/// How many threads a command uses.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads; default: all available processors.")
  var threads: Int?

  /// The number of threads.
  var count: Int { threads ?? Processors.available }

  func validate() throws {
    guard (1...Threads.maximum).contains(count) else {
      throw ValidationError("--threads must be from 1 to \(Threads.maximum), not \(count)")
    }
  }
}
