import GRDB

/// Rows of one store on their way to another.
///
/// Table names and conditions are the code's own; what comes from a store is always an argument.
enum MergeRows {
  typealias Values = [String: DatabaseValue]

  static func values(_ row: Row) -> Values {
    Dictionary(row.map { ($0.0, $0.1) }, uniquingKeysWith: { $1 })
  }

  static func all(
    _ db: Database, _ sql: String, _ arguments: StatementArguments = []
  ) throws -> [Values] {
    let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
    var all: [Values] = []
    while let row = try rows.next() { all.append(values(row)) }
    return all
  }

  /// Copies the rows whose key the target lacks; only these are read whole.
  static func copyMissing(
    of table: String, key: String, from source: Database, to target: Database
  ) throws {
    for value in try DatabaseValue.fetchAll(source, sql: "SELECT \(key) FROM \(table)") {
      let isKnown = try Bool.fetchOne(
        target.cachedStatement(sql: "SELECT count(*) FROM \(table) WHERE \(key) = ?"),
        arguments: [value])
      guard isKnown != true else { continue }
      for row in try all(source, "SELECT * FROM \(table) WHERE \(key) = ?", [value]) {
        try insert(row, into: table, target)
      }
    }
  }

  /// Inserts a row without the columns in `left` and with other values in those of `replaced`;
  /// gives its id.
  @discardableResult
  static func insert(
    _ values: Values, into table: String, without left: Set<String> = [],
    with replaced: [String: any DatabaseValueConvertible] = [:], orIgnore: Bool = false,
    _ db: Database
  ) throws -> Int64 {
    // Columns come from this program's own schema, which both stores have.
    let columns = try db.columns(in: table).map(\.name).filter { !left.contains($0) }
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let statement = try db.cachedStatement(
      sql: """
        INSERT \(orIgnore ? "OR IGNORE " : "")INTO \(table) (\(columns.joined(separator: ", ")))
        VALUES (\(marks))
        """)
    try statement.execute(
      arguments: StatementArguments(
        columns.map { replaced[$0]?.databaseValue ?? values[$0] ?? .null }))
    return db.lastInsertedRowID
  }
}

extension MergeRows.Values {
  /// The number in a column; 0 where it holds none.
  func integer(_ column: String) -> Int64 { self[column].flatMap(Int64.fromDatabaseValue) ?? 0 }

  /// The text in a column; empty where it holds none.
  func string(_ column: String) -> String { self[column].flatMap(String.fromDatabaseValue) ?? "" }
}
