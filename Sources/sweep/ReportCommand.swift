import ArgumentParser
import Common
import Reporting
import Results

/// `sweep report`: the figures of an experiment.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show the results of an experiment: for people, as CSV or as JSON.",
    discussion: """
      Without --csv or --json: validation accuracy and MACs, width by resolution, a table a model.
      With them: a line or an object a cell in the grid's order; accuracies are fractions.

      Examples:
        sweep report
        sweep report --csv > animals10.csv
        sweep report --experiment animals10 --history --csv
        sweep report --json --history
      """)

  /// A form for scripts.
  enum Form: String, EnumerableFlag {
    case csv, json

    static func help(for value: Form) -> ArgumentHelp? {
      switch value {
      case .csv: "Print comma-separated values with a header."
      case .json: "Print a JSON list of objects."
      }
    }
  }

  @Option(help: "The experiment, where the store holds several.")
  var experiment: String?

  @Option(help: ArgumentHelp("The store.", valueName: "path"))
  var store = Store.defaultPath

  @Flag(exclusivity: .exclusive)
  var form: Form?

  @Flag(help: "Show every epoch.")
  var history = false

  func run() throws {
    let report = try Report(of: experiment, in: Store.read(store), history: history)
    let paint = Paint(isOn: Output.hasColor)
    let text =
      switch form {
      case .csv: history ? report.historyCSV : report.csv
      case .json: report.json.lines + "\n"
      case nil: history ? report.historyText(paint: paint) : report.text(paint: paint)
      }
    try Output.write(text)
  }
}
