import Common
import Foundation
import GRDB
import Testing

@testable import Results

@Suite struct ScaleTests {
  /// A store of 10,000 done cells of 10 epochs each.
  static func large(_ scratch: Scratch) throws -> Store {
    let store = try Store.open(scratch.store)
    try store.register(.sample((0..<10_000).map { .sample("cell-\($0)", epochs: 10) }))
    try train(store)
    return store
  }

  /// Trains all cells of a store on paper.
  private static func train(_ store: Store) throws {
    let run = RunDescription.sample()
    try store.write { db in
      try db.execute(
        sql: """
          INSERT INTO runs (
            cell_id, attempt, resumed_epochs, status, host, process_id, operating_system, processor,
            vector_bits, threads, program_version, libraries, file_sha256, initial_weights_sha256,
            data_fingerprint)
          SELECT c.id, 1, 0, 'done', ?, 1, 'Linux', 'p', 256, 2, '0', '{}', file_sha256, '0', '0'
          FROM cells AS c JOIN experiments
          """,
        arguments: [run.host])
      try db.execute(
        sql: """
          WITH RECURSIVE n (epoch) AS (SELECT 1 UNION ALL SELECT epoch + 1 FROM n WHERE epoch < 10)
          INSERT INTO epochs (
            run_id, cell_id, epoch, train_loss, train_accuracy, val_loss, val_accuracy,
            learning_rate, train_seconds, val_seconds, images_per_second)
          SELECT id, cell_id, epoch, 2.0 / epoch, 0.1 * epoch, 2.1 / epoch, 0.09 * epoch, 0.001,
            10, 1, 1000.0 / 3 FROM runs, n
          """)
      try db.execute(sql: "UPDATE cells SET status = 'done'")
    }
  }

  @Test func tenThousandCellsAreReadThroughIndexes() throws {
    let scratch = try Scratch()
    let store = try Self.large(scratch)
    let rows = try store.results(of: "animals10")
    #expect(rows.count == 10_000)
    #expect(try store.history(of: "animals10").count == 100_000)
    #expect(rows.last?.bestEpoch == 10)
    for view in ["results", "history"] {
      let plan = try store.fetch {
        try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN SELECT * FROM \(view) WHERE experiment = 'x'")
          .map { $0["detail"] as String }
      }
      #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
    }
  }

  /// Many stores with 10 done cells of 10 epochs each, of one experiment.
  static func parts(_ count: Int, _ scratch: Scratch) throws -> [String] {
    try (0..<count).map { part in
      let path = "\(scratch.folder)/part\(part).sqlite"
      let store = try Store.open(path)
      try store.register(
        .sample((0..<10).map { .sample("cell-\(part)-\($0)", epochs: 10) }))
      try Self.train(store)
      return path
    }
  }

  @Test func manyStoresAreMergedOneAfterTheOther() throws {
    let scratch = try Scratch()
    let parts = try Self.parts(40, scratch)
    let merged = try Store.open(scratch.store)
    try merged.merge(parts) { (_, report, _) throws(SweepError) in
      #expect(report.taken == 10)
      let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
      #expect(!open.isEmpty)
      let stores = open.compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
      }.filter { $0.hasPrefix(scratch.folder + "/part") }
      #expect(stores.isEmpty)
    }
    #expect(try merged.history(of: "animals10").count == 4000)
    #expect(try merged.results(of: "animals10").allSatisfy { $0.bestEpoch == 10 })
  }
}
