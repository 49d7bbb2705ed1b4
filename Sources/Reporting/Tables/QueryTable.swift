import Common

/// The result of an SQL query.
package struct QueryTable {
  private let columns: [String]
  private let rows: [[JSON]]

  package init(columns: [String], rows: [[JSON]]) {
    self.columns = columns
    self.rows = rows
  }

  /// A table with one line per row; NULL is empty.
  package var text: String {
    let isNumber = columns.indices.map { column in
      rows.allSatisfy { row in
        switch row[column] {
        case .integer, .number, .null: true
        default: false
        }
      }
    }
    var table = TextTable(zip(columns, isNumber).map { ($0, $1 ? .right : .left) })
    for row in rows { table.add(row.map(Self.text)) }
    return table.text
  }

  /// A header and one line per row.
  package var csv: String { CSV.text(header: columns, rows: rows) }

  /// One object per row, with the column names as keys.
  package var json: JSON {
    let objects = rows.map { row in JSON.object(zip(columns, row).map { JSON.Member($0, $1) }) }
    return .listing(
      "sql", .init("columns", .array(columns.map(JSON.string))), .init("rows", .array(objects)))
  }

  private static func text(_ value: JSON) -> String {
    switch value {
    case .null: ""
    case .string(let text): text.replacing("\n", with: " ")
    default: value.text
    }
  }
}
