import ArgumentParser
import Cluster
import Common
import Foundation

struct TaskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task",
    abstract: "Make an attempt at a task of a submission; the job array's script calls it.",
    shouldDisplay: false)

  @Argument(help: "The submission's folder.", completion: .directory)
  var submission: String

  @Argument(help: "The array index.")
  var index: Int

  func run() throws {
    let runner = try TaskRunner(submission: submission, index: index) { remark in
      Output.note("sweep task: \(remark)\n")
    }
    let code = try runner.run()
    if code != 0 { throw ExitCode(code) }
  }
}

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
