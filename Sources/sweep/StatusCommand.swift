import ArgumentParser
import Cluster
import Common
import Reporting
import Results
import Study

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the state of the experiments: cells by status, what runs, what failed and why.",
    discussion: """
      Also names cells that are done but did not train well. For an experiment that was submitted to a cluster it adds what \
      the tasks' own stores hold and what Slurm says: what is queued, what runs where and since when, and how tasks ended.

      Examples:
        sweep status
        sweep status --experiment animals10
      """)

  @OptionGroup var stored: StoreOptions

  func run() throws {
    let store = try Store.read(stored.store)
    let reports = try StatusReport.all(in: store, experiment: stored.experiment)
    if reports.isEmpty {
      try Output.write("no experiments yet; `sweep run EXPERIMENT.json` adds one\n")
      return
    }
    let paint = Paint(isOn: Output.hasColor)
    let texts = try reports.map { report in
      let signs = try SweepSigns(of: report.experiment, in: store)
      var report = report
      let cluster = try ClusterStatus(
        try ClusterFolder(store: store.path, experiment: report.experiment), records: report.cells)
      if let cluster {
        report.join(cluster.newer, cluster.scheduler)
        for note in cluster.notes { Output.note("sweep: \(note)\n") }
      }
      return report.text(paint: paint, objection: signs.objection)
    }
    try Output.write(texts.joined(separator: "\n"))
  }
}
