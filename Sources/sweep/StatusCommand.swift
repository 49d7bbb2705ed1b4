import ArgumentParser
import Cluster
import Common
import Foundation
import Reporting
import Results
import Study

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the state of experiments: cells by status, running cells and failures.",
    discussion: """
      Also names cells that are done but did not train well. For an experiment that was submitted to a cluster it adds what \
      the tasks' own stores hold and what Slurm says: what is queued, what runs where and since when, and how tasks ended.

      Examples:
        sweep status
        sweep status --experiment animals10
        sweep status --watch
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print the state again every two seconds, until Ctrl-C.")
  var watch = false

  @OptionGroup var stored: StoreOptions

  func run() throws {
    repeat {
      let text = try text()
      let isTerminal = watch && isatty(STDOUT_FILENO) == 1
      // Cursor home, then erase below.
      try Output.write(isTerminal ? "\u{1B}[H\u{1B}[J" + text : text)
      if !watch && !json { try hint() }
      if watch { Thread.sleep(forTimeInterval: 2) }
    } while watch
  }

  private func hint() throws {
    let store = try Store.read(stored.store)
    guard let name = try stored.experiment ?? store.experiments().last?.name else { return }
    let isRunning = try store.cells(of: name).contains { $0.status == .running }
    Next.note(
      isRunning
        ? Next("status", "--watch", in: store, experiment: name)
        : Next("report", in: store, experiment: name))
  }

  private func text() throws -> String {
    let store = try Store.read(stored.store)
    let reports = try StatusReport.all(in: store, experiment: stored.experiment)
    if reports.isEmpty && !json {
      return "no experiments yet; add one with `sweep run EXPERIMENT.json`\n"
    }
    let paint = Paint(isOn: Output.hasColor)
    var texts: [String] = []
    var objects: [JSON] = []
    for var report in reports {
      let signs = try SweepSigns(of: report.experiment, in: store)
      let cluster = try ClusterStatus(
        try ClusterFolder(store: store.path, experiment: report.experiment), records: report.cells)
      if let cluster {
        report.join(cluster.newer, cluster.scheduler)
        for note in cluster.notes { Output.note("sweep: \(note)\n") }
      }
      texts.append(report.text(paint: paint, objection: signs.objection))
      objects.append(report.json(objection: signs.objection))
    }
    guard json else { return texts.joined(separator: "\n") }
    return JSON.listing("status", .init("experiments", .array(objects))).lines + "\n"
  }
}
