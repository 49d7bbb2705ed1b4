import Common
import GRDB
import Testing

@testable import Results

@Suite struct PredictionTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store.open(scratch.store)
    try store.register(.sample([.sample("a"), .sample("b")]))
  }

  private func record(_ epoch: Int, _ predictions: [Int32]?, of run: RunID) throws {
    try store.record(.sample(epoch), of: run, predictions: predictions)
  }

  @Test func predictionsOfTheLastEpochAreKept() throws {
    let run = try store.begin(.sample(), of: store.cell("a"))
    try record(1, [0, 1, 2], of: run)
    try record(2, [65535, 256, 255], of: run)
    let kept = try store.predictions(of: "animals10") { $0 }
    #expect(kept.map(\.cell) == ["a"])
    #expect(kept.first?.classes == [65535, 256, 255])
    #expect(kept.first?.dataFingerprint == "11")
  }

  @Test func predictionsOfAnEarlierEpochAreNotTakenForThoseOfTheLast() throws {
    let run = try store.begin(.sample(), of: store.cell("a"))
    try record(1, [0, 1], of: run)
    try record(2, nil, of: run)
    #expect(try store.predictions(of: "animals10") { $0 }.isEmpty)
  }

  @Test func aResumedRunTakesThePlaceOfTheEarlierOne() throws {
    let first = try store.begin(.sample(), of: store.cell("a"))
    try record(1, [0], of: first)
    try record(2, [1], of: first)
    let second = try store.begin(.sample(resumedEpochs: 1), of: store.cell("a"))
    try record(2, [2], of: second)
    #expect(try store.predictions(of: "animals10") { $0 }.map(\.classes) == [[2]])
  }

  @Test func validationSetsAreFoundByTheRunsThatSawThem() throws {
    let set = ValidationSet(
      dataFingerprint: "11", classes: ["dog \"one\"", "Katze"], labels: [0, 1, 1, 300])
    try store.register(set)
    try store.register(set)
    #expect(try store.validationSets(of: "animals10").isEmpty)
    _ = try store.begin(.sample(), of: store.cell("a"))
    #expect(try store.validationSets(of: "animals10") == [set])
  }

  @Test func latencyAndActivationMemoryReachTheResults() throws {
    var cell = CellDescription.sample("c")
    cell.activationBytes = 4096
    try store.register(.sample([.sample("a"), .sample("b"), cell]))
    let run = try store.begin(.sample(), of: store.cell("c"))
    try store.record(latencySeconds: 0.0125, of: run)
    try store.finish(run, .done)
    let row = try #require(store.results(of: "animals10").last)
    #expect(row.cell == cell && row.latencySeconds == 0.0125)
    #expect(try store.cell("c").description == cell)
    #expect(try store.results(of: "animals10").first?.latencySeconds == nil)
  }

  @Test func aStoreOfTheFirstSchemaKeepsItsFigures() throws {
    let path = scratch.folder + "/old.sqlite"
    let old = try Store(writing: path, schema: Schema(migrations: [Schema.current.migrations[0]]))
    try old.write { db in
      try db.execute(
        sql: """
          INSERT INTO experiment_files VALUES ('f', '{}');
          INSERT INTO experiments (id, name, file_sha256, recipe, recipe_sha256)
            VALUES (1, 'old', 'f', '{}', 'r');
          INSERT INTO cells (id, experiment_id, name, position, model, width, resolution, seed, params,
            macs, flops, planned_epochs, status)
            VALUES (1, 1, 'c', 0, 'mobilenet_v1', 1, 96, 0, 10, 20, 40, 1, 'done');
          INSERT INTO runs (id, cell_id, attempt, resumed_epochs, host, process_id, operating_system,
            processor, vector_bits, threads, program_version, libraries, file_sha256,
            initial_weights_sha256, data_fingerprint, status)
            VALUES (1, 1, 1, 0, 'h', 1, 'o', 'p', 256, 2, '0', '{}', 'f', 'i', 'd', 'done');
          INSERT INTO epochs (run_id, cell_id, epoch, train_loss, train_accuracy, val_accuracy,
            learning_rate, train_seconds, images_per_second) VALUES (1, 1, 1, 2, 0.25, 0.5, 0.001, 8, 100);
          """)
    }
    let row = try #require(Store.read(path).results(of: "old").first)
    #expect(row.valAccuracy == 0.5 && row.latencySeconds == nil)
    #expect(row.cell.activationBytes == nil)
    #expect(try Store.read(path).predictions(of: "old") { $0 }.isEmpty)
  }
}
