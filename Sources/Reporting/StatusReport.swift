import Common
import Results

/// The state of an experiment: counts, and the cells that need attention.
package struct StatusReport: Sendable {
  package let experiment: String
  package private(set) var cells: [CellRecord]
  private let warnings: [CellWarning]
  private var scheduler: SchedulerStatus?

  private init(experiment: String, cells: [CellRecord], warnings: [CellWarning]) {
    self.experiment = experiment
    self.warnings = warnings
    self.cells = cells
  }

  /// Reads the status of all experiments, or of the named one.
  ///
  /// Throws if the store cannot be read or has no experiment of that name.
  package static func all(in store: Store, experiment: String?) throws(SweepError) -> [StatusReport]
  {
    var names = try store.experiments().map(\.name)
    if let experiment { names = [try store.chooseExperiment(experiment)] }
    var reports: [StatusReport] = []
    for name in names {
      let cells = try store.cells(of: name).filter { $0.isInGrid || $0.status != .pending }
      reports.append(
        StatusReport(
          experiment: name, cells: cells,
          warnings: try Evidence(of: name, in: store, history: false).warnings))
    }
    return reports
  }

  /// Adds cells that are further along in other stores, and what a scheduler reports.
  package mutating func join(_ records: [CellRecord], _ scheduler: SchedulerStatus) {
    let newer = Dictionary(records.map { ($0.description.id, $0) }, uniquingKeysWith: { $1 })
    cells = cells.map { newer[$0.description.id] ?? $0 }
    self.scheduler = scheduler
  }

  /// The counts on one line, then one line per cell that runs, was interrupted, diverged, failed,
  /// or is done but not trained well.
  ///
  /// `objection` gives the reason why a running cell's sweep seems dead, else nil.
  package func text(paint: Paint, objection: (_ cell: CellRecord) -> String?) -> String {
    var table = TextTable([("status", .left), ("cell", .left), ("epochs", .right), ("", .left)])
    var isEmpty = true
    var stopped = 0
    for status in [CellStatus.running, .interrupted, .diverged, .failed] {
      for cell in cells where cell.status == status {
        isEmpty = false
        if let job = scheduler?.jobs[cell.description.id],
          status == .running || status == .interrupted
        {
          table.add([
            paint(job.isRunning ? "running" : "queued", .yellow), cell.description.id,
            "\(cell.completedEpochs)/\(cell.description.epochs)", job.remark,
          ])
          continue
        }
        let objection = status == .running ? objection(cell) : nil
        if objection != nil { stopped += 1 }
        let style: Paint.Style = status == .diverged || status == .failed ? .red : .yellow
        table.add([
          paint(objection == nil ? status.rawValue : "stopped", style), cell.description.id,
          "\(cell.completedEpochs)/\(cell.description.epochs)",
          objection.map { $0 + "; run the experiment again to continue" } ?? Self.remark(cell),
        ])
      }
    }
    let byID = Dictionary(
      cells.map { ($0.description.id, $0) }, uniquingKeysWith: { first, _ in first })
    for warning in warnings {
      isEmpty = false
      let cell = byID[warning.cell]
      let epochs = cell.map { "\($0.completedEpochs)/\($0.description.epochs)" } ?? ""
      table.add([paint("check", .yellow), warning.cell, epochs, warning.reason])
    }
    let head =
      paint(experiment, .bold) + ", \(StatusCounts(cells.map(\.status), stopped: stopped).text)\n"
    return head + (isEmpty ? "" : "\n" + table.text) + (scheduler.map { "\n" + $0.text } ?? "")
  }

  private static func remark(_ cell: CellRecord) -> String {
    guard let run = cell.lastRun else { return "" }
    switch cell.status {
    case .running: return "on \(run.host) since \(run.startedAt.prefix(16)) UTC"
    default: return run.error ?? ""
    }
  }
}
