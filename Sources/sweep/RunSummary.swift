import Common
import Foundation
import Reporting
import Results
import Study

/// What `sweep run` says at its end: the grid, the best cell, what failed or looks wrong, and the
/// next commands.
struct RunSummary {
  enum Outcome: String {
    case done, failed, interrupted
  }

  /// The most cells that are named for one reason.
  private static let mostNamed = 10

  let experiment: Experiment
  let store: Store
  /// The shell command that gets the summary in JSON.
  let onEnd: String?
  /// Whether to print the summary in JSON.
  let json: Bool

  func end(_ outcome: Outcome, isSilent: Bool) throws(SweepError) {
    if !isSilent && outcome != .interrupted { Output.note(text) }
    guard json || onEnd != nil else { return }
    do {
      let summary = try listing(outcome).lines + "\n"
      if let onEnd { hand(summary, to: onEnd) }
      if json { try Output.write(summary) }
    } catch {
      Output.note("sweep: cannot write the summary: \(error)\n")
    }
  }

  /// Empty if the store cannot be read: the results are recorded, and only this text is missing.
  private var text: String {
    guard let evidence = try? Evidence(of: experiment.name, in: store, history: false) else {
      return ""
    }
    let ids = Set(experiment.cells.map(\.id))
    let paint = Paint(isOn: Terminal.hasColor)
    let best = (try? store.bestCell(of: experiment.name)).flatMap { id in
      evidence.report.rows.first { $0.cell.id == id }
    }
    var text = "\n" + evidence.report.text(paint: paint) + "\n"
    if let best {
      text += "best: \(best.cell.id), \(best.valAccuracy.map(Format.percent) ?? "–")\n"
    }
    let failed = ((try? store.cells(of: experiment.name)) ?? []).filter {
      [.failed, .diverged].contains($0.status) && ids.contains($0.description.id)
    }
    text += Self.lines(
      failed.map {
        (paint($0.status.rawValue, .red), $0.description.id, $0.lastRun?.error ?? "")
      })
    text += Self.lines(
      evidence.warnings.filter { ids.contains($0.cell) }
        .map { (paint("check", .yellow), $0.cell, $0.reason) })
    var next: [Next] = []
    if best != nil {
      next = [
        Next("show", "best", in: store, experiment: experiment.name),
        Next(
          "report", "--html", "\(experiment.name)-page", in: store, experiment: experiment.name),
      ]
    }
    if !failed.isEmpty { next.append(Next("status", in: store, experiment: experiment.name)) }
    return text + Next.text(next)
  }

  private static func lines(_ cells: [(word: String, id: String, reason: String)]) -> String {
    let lines = cells.prefix(mostNamed).map { "\($0.word) \($0.id): \($0.reason)\n" }.joined()
    return lines + (cells.count > mostNamed ? "… and \(cells.count - mostNamed) more\n" : "")
  }

  private func listing(_ outcome: Outcome) throws(SweepError) -> JSON {
    let reports = try StatusReport.all(in: store, experiment: experiment.name)
    return .listing(
      "run", .init("outcome", .string(outcome.rawValue)),
      .init("experiments", .array(reports.map { $0.json { _ in nil } })))
  }

  /// Runs a shell command with a text on its standard input; a failure is reported but changes
  /// nothing.
  private func hand(_ text: String, to command: String) {
    do {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", command]
      let pipe = Pipe()
      process.standardInput = pipe
      try process.run()
      try pipe.fileHandleForReading.close()
      try? pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      try pipe.fileHandleForWriting.close()
      process.waitUntilExit()
      if process.terminationStatus != 0 {
        Output.note("sweep: --on-end ended with \(process.terminationStatus)\n")
      }
    } catch {
      Output.note("sweep: --on-end: \(error)\n")
    }
  }
}
