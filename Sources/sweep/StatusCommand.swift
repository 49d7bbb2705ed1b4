import ArgumentParser
import Common
import Foundation
import Reporting
import Results

/// `sweep status`: where the experiments stand.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show where the experiments stand: cells by status, what runs, what failed and why.",
    discussion: """
      Examples:
        sweep status
        sweep status --experiment animals10
      """)

  @Option(help: "One experiment instead of all.")
  var experiment: String?

  @Option(help: ArgumentHelp("The store.", valueName: "path"))
  var store = Store.defaultPath

  func run() throws {
    let reports = try StatusReport.all(in: Store.read(store), experiment: experiment)
    if reports.isEmpty {
      try Output.write("no experiments yet; `sweep run EXPERIMENT.json` adds one\n")
      return
    }
    let here = ProcessInfo.processInfo.hostName
    let paint = Paint(isOn: Output.hasColor)
    let texts = reports.map { report in
      report.text(paint: paint) { host, process in
        // Of another machine's processes nothing can be told.
        host != here || kill(pid_t(process), 0) == 0 || errno == EPERM
      }
    }
    try Output.write(texts.joined(separator: "\n"))
  }
}
