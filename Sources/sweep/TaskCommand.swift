import ArgumentParser
import Cluster
import Foundation

/// `sweep task`: what the job array's script runs.
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
