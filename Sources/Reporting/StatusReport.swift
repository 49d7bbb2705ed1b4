import Common
import Results

/// The state of an experiment: counts, and the cells that need attention.
package struct StatusReport: Sendable {
  package let experiment: String
  package private(set) var cells: [CellRecord]
  private let warnings: [CellWarning]
  private let rows: [ResultRow]
  private var scheduler: SchedulerStatus?

  private init(_ evidence: Evidence, cells: [CellRecord]) {
    experiment = evidence.experiment
    warnings = evidence.warnings
    rows = evidence.report.rows
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
      reports.append(StatusReport(try Evidence(of: name, in: store, history: false), cells: cells))
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
      + progress
    return head + (isEmpty ? "" : "\n" + table.text) + (scheduler.map { "\n" + $0.text } ?? "")
  }

  /// The cell that `best` names: of the most accurate done cells the one with the lowest cost.
  private var best: ResultRow? {
    rows.filter { $0.status == .done }.max {
      ($0.valAccuracy ?? -1, $1.cell.macs) < ($1.valAccuracy ?? -1, $0.cell.macs)
    }
  }

  /// Estimated seconds for the remaining epochs in one process, from the measured speed per
  /// multiply-accumulate; nil without recorded epochs.
  private var secondsLeft: Double? {
    var (seconds, work) = (0.0, 0.0)
    for row in rows {
      guard let spent = row.seconds else { continue }
      seconds += spent
      work += Double(row.cell.macs) * Double(row.epochs)
    }
    guard work > 0 else { return nil }
    let left = cells.filter { [.pending, .running, .interrupted].contains($0.status) }
      .reduce(0.0) { sum, cell in
        sum + Double(cell.description.macs)
          * Double(max(0, cell.description.epochs - cell.completedEpochs))
      }
    return seconds / work * left
  }

  /// The best cell and the remaining time, in one line; empty if both are unknown.
  private var progress: String {
    let best = best.flatMap { row in
      row.valAccuracy.map { "best: \(row.cell.id), \(Format.percent($0))" }
    }
    let left = secondsLeft.flatMap {
      $0 > 0 ? "about \(Format.duration($0)) of training left" : nil
    }
    let parts = [best, left].compactMap(\.self)
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + "\n"
  }

  /// The experiment as an object; `objection` is as for `text`.
  package func json(objection: (_ cell: CellRecord) -> String?) -> JSON {
    let reasons = Dictionary(warnings.map { ($0.cell, $0.reason) }, uniquingKeysWith: { $1 })
    let list = cells.map { cell in
      JSON.object([
        .init("cell", .string(cell.description.id)), .init("status", .string(cell.status.rawValue)),
        .init("epochs", .integer(cell.completedEpochs)),
        .init("planned_epochs", .integer(cell.description.epochs)),
        .init("reason", .string(cell.lastRun?.error)),
        .init("warning", .string(reasons[cell.description.id])),
        .init("dead", .string(cell.status == .running ? objection(cell) : nil)),
      ])
    }
    return .object([
      .init("experiment", .string(experiment)),
      .init("best_cell", .string(best?.cell.id)),
      .init("best_val_accuracy", .number(best?.valAccuracy)),
      .init("estimated_seconds_left", .number(secondsLeft)), .init("cells", .array(list)),
    ])
  }

  private static func remark(_ cell: CellRecord) -> String {
    guard let run = cell.lastRun else { return "" }
    switch cell.status {
    case .running: return "on \(run.host) since \(run.startedAt.prefix(16)) UTC"
    default: return run.error ?? ""
    }
  }
}
