import ArgumentParser
import Common
import Foundation
import Reporting
import Results

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show the results of an experiment as tables or as a page with figures.",
    discussion: """
      Without options, prints one table per model with validation accuracy and MACs, width by resolution, then a verdict on \
      each claim of the experiment. --csv and --json print one line or object per cell, in the grid's order; accuracies are \
      fractions.

      Examples:
        sweep report
        sweep report --html results/animals10
        sweep report --csv > animals10.csv
        sweep report --experiment animals10 --history --csv
        sweep report --experiment animals10 --against without-augmentation
      """)

  enum Form: String, EnumerableFlag {
    case csv, json, markdown, latex

    static func help(for value: Form) -> ArgumentHelp? {
      switch value {
      case .csv: "Print comma-separated values with a header."
      case .json: "Print JSON."
      case .markdown: "Print tables and verdicts for a README."
      case .latex: "Print a table for a paper (LaTeX, booktabs)."
      }
    }
  }

  @OptionGroup var stored: StoreOptions

  @Flag(exclusivity: .exclusive)
  var form: Form?

  @Flag(help: "Show every epoch.")
  var history = false

  @Option(
    help: ArgumentHelp(
      "Write index.html, and its figures as SVG files, into this folder.",
      valueName: "folder"),
    completion: .directory)
  var html: String?

  @Flag(help: "With --html, also write the figures as PNG files (needs rsvg-convert).")
  var png = false

  @Option(
    help: ArgumentHelp("Compare with this experiment, cell by cell.", valueName: "experiment"),
    completion: Completions.experiments)
  var against: String?

  func validate() throws {
    if png && html == nil { throw ValidationError("--png requires --html") }
    if html != nil && (form != nil || history || against != nil) {
      throw ValidationError("--html cannot be combined with another format")
    }
    if against != nil && (history || (form != nil && form != .csv)) {
      throw ValidationError("--against can be combined only with --csv")
    }
    if history && (form == .markdown || form == .latex) {
      throw ValidationError("--history can be combined only with --csv or --json")
    }
  }

  func run() throws {
    let store = try Store.read(stored.store)
    let paint = Paint(isOn: Output.hasColor)
    if let against {
      let comparison = Comparison(
        try Evidence(of: stored.experiment ?? other(than: against, in: store), in: store),
        against: try Evidence(of: against, in: store))
      try Output.write(form == .csv ? comparison.csv : comparison.text(paint: paint))
      return
    }
    if let html {
      let folder = PageFolder(html)
      let evidence = try Evidence(of: stored.experiment, in: store)
      try folder.write(Page(evidence), png: png)
      try Output.write(folder.index + "\n")
      Next.note(Next("serve", in: store, experiment: evidence.experiment))
      return
    }
    switch form {
    case .markdown: try Output.write(Evidence(of: stored.experiment, in: store).markdown)
    case .latex: try Output.write(Evidence(of: stored.experiment, in: store).latex)
    case .csv, .json: try Output.write(script(in: store))
    case nil where history:
      let report = try Report(of: stored.experiment, in: store, history: true)
      try Output.write(report.historyText(paint: paint))
    case nil: try show(Evidence(of: stored.experiment, in: store), in: store, paint: paint)
    }
  }

  private func script(in store: Store) throws(SweepError) -> String {
    let report = try Report(of: stored.experiment, in: store, history: history)
    if form == .json { return report.json.lines + "\n" }
    return history ? report.historyCSV : report.csv
  }

  private func show(_ evidence: Evidence, in store: Store, paint: Paint) throws(SweepError) {
    let folder = (stored.store.parentFolder as NSString).appendingPathComponent(evidence.experiment)
    let page = PageFolder(folder)
    var text = evidence.report.text(paint: paint)
    let answers = Answer.all(evidence)
    let parts = [
      evidence.warningText(paint: paint),
      Answer.text(answers, paint: paint, columns: Output.columns(default: .max)),
    ]
    for part in parts where !part.isEmpty { text += "\n" + part }
    if page.hasPage { text += "\npage: \(page.index)\n" }
    try Output.write(text)
    let isDone = evidence.report.rows.contains { $0.status == .done }
    let name = evidence.experiment
    Next.note(
      isDone
        ? Next("show", "best", in: store, experiment: name)
        : Next("status", in: store, experiment: name),
      Next("report", "--html", folder, in: store, experiment: name))
  }

  /// The only experiment other than `against`, if none is named.
  private func other(than against: String, in store: Store) throws(SweepError) -> String? {
    let names = try store.experiments().map(\.name).filter { $0 != against }
    return names.count == 1 ? names[0] : nil
  }
}
