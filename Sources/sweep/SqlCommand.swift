import ArgumentParser
import Common
import Reporting
import Results

struct SqlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Print the result of an SQL query of the store.",
    discussion: """
      The store is opened for reading; a query cannot change it. `.schema` prints the tables with their comments.

      Examples:
        sweep sql "SELECT cell, val_accuracy FROM results ORDER BY val_accuracy DESC LIMIT 10"
        sweep sql --csv "SELECT * FROM history" > history.csv
        sweep sql .schema
      """)

  @Argument(help: "The query, or .schema.")
  var query: String

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("The store.", valueName: "path"))
  var store = Store.defaultPath

  func validate() throws {
    if csv && json { throw ValidationError("use --csv or --json, not both") }
  }

  func run() throws {
    let store = try Store.read(store)
    if query == ".schema" {
      let schema = try store.query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
      for row in schema.rows {
        if case .string(let text) = row[0] { try Output.write(text + ";\n\n") }
      }
      return
    }
    let result = try store.query(query)
    let table = QueryTable(columns: result.columns, rows: result.rows)
    try Output.write(json ? table.json.lines + "\n" : csv ? table.csv : table.text)
  }
}
