import Foundation
import GRDB
import Testing

/// Stores that earlier programs left, with their weights.
@Suite struct OlderStoreTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "ResultsTests/Fixtures")

  /// Runs `body` in a folder with the store of a version, its weights, and the images.
  private func with(version: Int, _ body: (_ folder: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let sql = try String(
        contentsOf: Self.fixtures.appending(path: "v\(version).sql"), encoding: .utf8)
      var configuration = Configuration()
      configuration.foreignKeysEnabled = false
      let queue = try DatabaseQueue(path: folder + "/s.sqlite", configuration: configuration)
      try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
      try queue.close()
      try FileManager.default.copyItem(
        at: Self.fixtures.appending(path: "old"), to: URL(filePath: folder + "/old"))
      let drawn = try SweepProcess(
        "data", "synth", "data", "--classes", "3", "--train-per-class", "400", "--val-per-class",
        "4", "--size", "32", in: folder)
      #expect(drawn.code == 0)
      try body(folder)
    }
  }

  /// The history up to an epoch: the columns that the reference has, one line for each epoch.
  private func history(_ text: String, upTo epochs: Int, like reference: String) -> [[String]] {
    func table(_ text: String) -> [[String]] {
      text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    }
    let (rows, names) = (table(text), table(reference)[0])
    let columns = names.compactMap { rows.first?.firstIndex(of: $0) }
    let epoch = rows.first?.firstIndex(of: "epoch") ?? 0
    return rows.dropFirst().filter { Int($0[epoch]) ?? .max <= epochs }.map { row in
      columns.map { row[$0] }
    }
  }

  @Test(
    "An interrupted cell goes on and done ones are extended, to the figures of an uninterrupted run",
    arguments: 1...5)
  func goesOn(version: Int) throws {
    try with(version: version) { folder in
      let reference = try String(
        contentsOf: Self.fixtures.appending(path: "old/history.csv"), encoding: .utf8)
      func run(_ file: String, _ options: String...) throws -> SweepProcess {
        try SweepProcess(
          list: ["run", "old/\(file).json", "--data-root", "data", "--store", "s.sqlite"]
            + ["--progress", "none"] + options, in: folder)
      }
      // The earlier programs compressed the images that they drew: other files, the same pixels.
      let refused = try run("old")
      #expect(refused.code == 65)
      #expect(refused.errors.contains("the images differ from those that "), "\(refused.errors)")
      for (file, epochs) in [("old", 3), ("more", 4)] {
        let run = try run(file, "--accept-data-change")
        #expect(run.code == 0, "\(run.errors)")
        let report = try SweepProcess(
          "report", "--history", "--csv", "--store", "s.sqlite", in: folder)
        #expect(
          history(report.output, upTo: 9, like: reference)
            == history(reference, upTo: epochs, like: reference))
        #expect(history(report.output, upTo: 9, like: reference).count == 8 * epochs)
      }
      let resumed = try DatabaseQueue(path: folder + "/s.sqlite").read { db in
        try Int.fetchAll(
          db,
          sql: """
            SELECT resumed_epochs FROM runs AS r JOIN cells AS c ON c.id = r.cell_id
            WHERE c.name LIKE '%r12-s0-optimizersgd-lr0.01' ORDER BY attempt
            """)
      }
      #expect(resumed == [0, 1, 3])
    }
  }

  @Test("A trained network of an older store is used where it lies, and another's weights are not")
  func predicts() throws {
    try with(version: 4) { folder in
      let cell = "tiny-w1.0-r16-s0-optimizeradam-lr0.01"
      func predict() throws -> SweepProcess {
        try SweepProcess(
          "evaluate", cell, "data/val", "--store", "s.sqlite", in: folder)
      }
      let before = try Data(contentsOf: URL(filePath: folder + "/s.sqlite"))
      #expect(try predict().code == 0)
      #expect(try Data(contentsOf: URL(filePath: folder + "/s.sqlite")) == before)
      let path = "\(folder)/old/final/\(cell).safetensors"
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(
        atPath: "\(folder)/old/final/tiny-w1.0-r12-s0-optimizeradam-lr0.01.safetensors",
        toPath: path)
      let other = try predict()
      #expect(other.code == 65)
      #expect(other.errors.contains("differs from the one that"), "\(other.errors)")
    }
  }
}
