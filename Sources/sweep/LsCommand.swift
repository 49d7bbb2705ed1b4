import ArgumentParser
import Common
import Foundation
import Reporting
import Results

struct LsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the experiments: state, progress, dates, best cell, size on disk.",
    discussion: """
      The experiment that was active last is at the end.

      Examples:
        sweep ls
        sweep ls --json | jq -r '.experiments[].name'
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("The store.", valueName: "path"))
  var store = Store.defaultPath

  func run() throws {
    let store = try Store.read(store)
    let rows = try store.overview().map { experiment in
      let folder = "\(store.folder.isEmpty ? "." : store.folder)/\(experiment.folder)"
      return (experiment, Folder.bytes(of: folder))
    }
    let table = ExperimentTable(rows)
    if json { return try Output.write(table.json) }
    if rows.isEmpty {
      return try Output.write("no experiments yet; create one with `sweep init DATA`\n")
    }
    try Output.write(
      table.text(paint: Paint(isOn: Output.hasColor), columns: Output.columns(default: .max)))
    Next.note(Next("report", in: store, experiment: rows[rows.count - 1].0.name))
  }
}
