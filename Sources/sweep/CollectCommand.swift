import ArgumentParser
import Cluster
import Common
import Foundation

/// `sweep collect`: what the job that waits for the array runs.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Put what a submission's tasks have into the store; the last job's script calls it.",
    shouldDisplay: false)

  @Argument(help: "The submission's folder.", completion: .directory)
  var submission: String

  func run() throws {
    let report = try Collector(submission: submission).run()
    try Output.write(
      "\(Format.count(report.stores, "store")) put together, "
        + "\(Format.count(report.cells, "cell")) taken over, \(report.failed) failed\n")
    for problem in report.problems { Output.note("sweep: \(problem)\n") }
    if !report.problems.isEmpty { throw ExitCode.failure }
  }
}
