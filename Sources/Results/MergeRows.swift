import GRDB

/// Copies rows between stores.
///
/// Table names and conditions come from the code; data from a store is always bound as an argument.
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

  /// Copies the rows whose key the target lacks; reads only these completely.
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

  /// Inserts a row without the columns in `left` and with the values in `replaced`; returns its id.
  @discardableResult
  static func insert(
    _ values: Values, into table: String, without left: Set<String> = [],
    with replaced: [String: any DatabaseValueConvertible] = [:], orIgnore: Bool = false,
    _ db: Database
  ) throws -> Int64 {
    // Columns come from this program's schema, which both stores have.
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
  /// The number in a column, or 0.
  func integer(_ column: String) -> Int64 { self[column].flatMap(Int64.fromDatabaseValue) ?? 0 }

  /// The text in a column, or an empty string.
  func string(_ column: String) -> String { self[column].flatMap(String.fromDatabaseValue) ?? "" }
}
