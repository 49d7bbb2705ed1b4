import Common
import Foundation
import GRDB
import Testing

@testable import Results

/// The `sqlite3` program, where it is installed.
private let sqlite3 = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

@Suite struct DocumentTests {
  static let document: String = {
    let package = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return (try? String(contentsOf: package.appending(path: "docs/store.md"), encoding: .utf8))
      ?? ""
  }()

  static let queries = document.components(separatedBy: "```sql\n").dropFirst()
    .map { $0.components(separatedBy: "```")[0] }

  @Test func everyTableAndColumnIsDocumented() throws {
    let scratch = try Scratch()
    let names = try Store.open(scratch.store).fetch { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT t.name FROM sqlite_schema AS t WHERE t.type IN ('table', 'view')
          UNION SELECT c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
          """)
    }
    #expect(names.count > 50)
    for name in names { #expect(Self.document.contains("`\(name)`"), "\(name)") }
  }

  @Test func thereAreQueries() { #expect(Self.queries.count == 9) }

  @Test(.enabled(if: sqlite3 != nil, "needs the sqlite3 program"), arguments: queries)
  func queriesAnswer(query: String) throws {
    let scratch = try Scratch()
    let store = try Store.open(scratch.store)
    let axes = [JSON.Member("optimizer.lr", .number(0.01))]
    let cells = (0..<3).map { seed in
      CellDescription.sample("mobilenet_v2-w0.35-r96-s\(seed)", seed: seed, axes: axes)
    }
    try store.register(.sample(cells))
    try store.train(cells[0].id, epochs: 1...3)
    try store.train(cells[1].id, epochs: 1...3)
    try store.train(cells[2].id, epochs: 1...1, .failed("no memory"))
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: try #require(sqlite3))
    process.arguments = ["-readonly", "-bail", scratch.store, query]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(!text.isEmpty && !text.contains("Error"), "\(text)")
  }
}
