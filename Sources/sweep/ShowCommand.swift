import ArgumentParser
import Common
import Reporting
import Results

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a cell's recipe, figures, curves, attempts, files and confusion matrix.",
    discussion: """
      Examples:
        sweep show best
        sweep show mobilenet_v2-w0.5-r96-s0 --experiment animals10
        sweep show best:mobilenet_v1 --json
      """)

  @Argument(
    help: StoreOptions.cellHelp, completion: Completions.cells)
  var cell: String

  @OptionGroup var stored: StoreOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let store = try Store.read(stored.store)
    let report = try CellReport(cell, of: stored.chosen(in: store), in: store)
    if json { return try Output.write(report.json) }
    try Output.write(
      report.text(paint: Paint(isOn: Output.hasColor), columns: Output.columns()))
    Next.note(
      report.isDone
        ? Next("export", "--onnx", report.id, in: store, experiment: report.experiment)
        : Next("status", in: store, experiment: report.experiment))
  }
}
