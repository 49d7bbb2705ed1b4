import ArgumentParser
import Cluster
import Common
import Foundation

struct TaskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task",
    abstract: "Run one attempt at a task (called by the job array's script).",
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
    abstract: "Merge the results of a submission's tasks (called by the last job's script).",
    shouldDisplay: false)

  @Argument(help: "The submission's folder.", completion: .directory)
  var submission: String

  func run() throws {
    let report = try Collector(submission: submission).run()
    try Output.write(
      "\(Format.count(report.stores, "store")) merged, "
        + "\(Format.count(report.cells, "cell")) added, \(report.failed) failed\n")
    for problem in report.problems { Output.note("sweep: \(problem)\n") }
    if !report.problems.isEmpty { throw ExitCode.failure }
  }
}
