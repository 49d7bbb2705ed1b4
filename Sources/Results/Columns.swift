import Common
import GRDB

/// Reads a row's columns from left to right.
struct Columns {
  private let row: Row
  private var index = 0

  private init(_ row: Row) { self.row = row }

  mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>() throws -> Value
  {
    defer { index += 1 }
    return try row.decode(atIndex: index)
  }

  /// A loss; the next column says whether its NULL stands for NaN.
  mutating func loss() throws -> Double? {
    let loss: Double? = try next()
    let isNaN: Bool? = try next()
    return isNaN == true ? .nan : loss
  }

  /// A status; the column's CHECK allows no other text.
  mutating func status() throws -> CellStatus { CellStatus(rawValue: try next()) ?? .pending }

  /// Maps each row of a query.
  static func map<Value>(
    _ db: Database, _ sql: String, _ arguments: StatementArguments = [],
    _ make: (inout Columns) throws -> Value
  ) throws -> [Value] {
    let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
    var values: [Value] = []
    while let row = try rows.next() {
      var columns = Columns(row)
      values.append(try make(&columns))
    }
    return values
  }
}

extension Store {
  /// Maps each row of a query.
  func rows<Value>(
    _ sql: String, _ arguments: StatementArguments = [],
    _ make: (inout Columns) throws -> Value
  ) throws(SweepError) -> [Value] {
    try fetch { try Columns.map($0, sql, arguments, make) }
  }

  /// Runs a statement in its own transaction.
  func execute(_ sql: String, _ arguments: StatementArguments) throws(SweepError) {
    try write { try $0.execute(sql: sql, arguments: arguments) }
  }
}
