import Common
import Foundation
import GRDB
import Testing

@testable import Results

@Suite struct RunTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store.open(scratch.store)
    try store.register(.sample([.sample("x"), .sample("y")]))
  }

  @Test func aCellGoesFromPendingToDone() throws {
    #expect(try store.cell("x").status == .pending)
    #expect(try store.cell("x").lastRun == nil)
    let run = try store.begin(.sample(), of: store.cell("x"))
    #expect(try store.cell("x").status == .running)
    for epoch in 1...3 { try store.record(.sample(epoch), of: run) }
    #expect(try store.cell("x").completedEpochs == 3)
    try store.finish(run, .done)
    let cell = try store.cell("x")
    #expect(cell.status == .done)
    #expect(cell.lastRun?.attempt == 1)
    #expect(cell.lastRun?.error == nil)
    #expect(cell.lastRun?.endedAt != nil)
    #expect(cell.lastRun?.dataFingerprint == "11")
    #expect(try store.cell("y").status == .pending)
  }

  @Test func testFiguresAreThoseOfTheFinalWeights() throws {
    func tested() throws -> [String] {
      try store.results(of: "animals10").map { "\($0.testLoss as Any) \($0.testAccuracy as Any)" }
    }
    var run = try store.begin(.sample(), of: store.cell("x"))
    for epoch in 1...2 { try store.record(.sample(epoch), of: run) }
    #expect(try tested() == ["nil nil", "nil nil"])
    try store.record(testLoss: 1.5, testAccuracy: 0.75, epoch: 2, of: run)
    try store.finish(run, .done)
    #expect(try tested() == ["Optional(1.5) Optional(0.75)", "nil nil"])
    // Another epoch makes other weights.
    run = try store.begin(.sample(resumedEpochs: 2), of: store.cell("x"))
    try store.record(.sample(3), of: run)
    #expect(try tested() == ["nil nil", "nil nil"])
    try store.record(testLoss: .nan, testAccuracy: 0.5, epoch: 3, of: run)
    try store.finish(run, .done)
    #expect(try tested() == ["Optional(nan) Optional(0.5)", "nil nil"])
    // A merge takes them along.
    let other = try Store.open(scratch.folder + "/other.sqlite")
    try other.merge([scratch.store])
    #expect(try other.results(of: "animals10").first?.testAccuracy == 0.5)
  }

  static let ends: [(RunOutcome, CellStatus, String?)] = [
    (.diverged("loss is NaN in epoch 2"), .diverged, "loss is NaN in epoch 2"),
    (.failed("no memory"), .failed, "no memory"),
    (.interrupted, .interrupted, nil),
  ]

  @Test(arguments: ends)
  func theReasonOfAnEndIsKept(outcome: RunOutcome, status: CellStatus, reason: String?) throws {
    try store.train("x", epochs: 1...1, outcome)
    #expect(try store.cell("x").status == status)
    #expect(try store.cell("x").lastRun?.error == reason)
  }

  @Test func historyIsWhatWasRecorded() throws {
    let run = try store.begin(.sample(), of: store.cell("x"))
    let records = [
      EpochRecord.sample(1, trainLoss: 0.1 + 0.2),
      .sample(2, trainLoss: .nan, valLoss: .nan),
      .sample(3, trainLoss: .infinity, valLoss: nil, valAccuracy: nil),
    ]
    for record in records { try store.record(record, of: run) }
    let history = try store.history(of: "animals10")
    #expect(history.map(\.cell) == ["x", "x", "x"])
    // NaN differs from itself, so compare what is printed.
    #expect(history.map { "\($0.record)" } == records.map { "\($0)" })
    #expect(try store.history(of: "animals10", cell: "y").isEmpty)
  }

  @Test func nanIsToldFromMissing() throws {
    let run = try store.begin(.sample(), of: store.cell("x"))
    try store.record(.sample(1, trainLoss: .nan, valLoss: nil, valAccuracy: nil), of: run)
    let flags = try store.fetch {
      try Row.fetchOne(
        $0, sql: "SELECT train_loss, train_loss_is_nan, val_loss, val_loss_is_nan FROM epochs")
    }
    #expect(
      flags == [
        "train_loss": nil, "train_loss_is_nan": 1, "val_loss": nil, "val_loss_is_nan": 0,
      ])
    let row = try #require(try store.results(of: "animals10").first)
    #expect(row.trainLoss?.isNaN == true)
    #expect(row.valLoss == nil)
  }

  @Test func aResumedRunGoesOnWithTheHistory() throws {
    try store.train("x", epochs: 1...2, .interrupted)
    try store.train("x", epochs: 3...3)
    #expect(try store.history(of: "animals10").map(\.record.epoch) == [1, 2, 3])
    #expect(try store.cell("x").lastRun?.attempt == 2)
    #expect(try store.results(of: "animals10")[0].seconds == 30)
  }

  @Test func epochsThatAreTrainedAgainCountOnce() throws {
    try store.train("x", epochs: 1...3, .interrupted)
    let run = try store.begin(.sample(resumedEpochs: 1), of: store.cell("x"))
    #expect(try store.history(of: "animals10").map(\.record.trainLoss) == [2, 2, 2])
    try store.record(.sample(2, trainLoss: 7), of: run)
    #expect(try store.history(of: "animals10").map(\.record.trainLoss) == [2, 7, 2])
    #expect(try store.fetch { try Int.fetchOne($0, sql: "SELECT count(*) FROM epochs") } == 4)
  }

  @Test func aRunWhoseEndWasNotSeenIsTakenOver() throws {
    let killed = try store.begin(.sample(), of: store.cell("x"))
    try store.record(.sample(1), of: killed)
    let next = try store.begin(.sample(resumedEpochs: 1), of: store.cell("x"))
    #expect(failure { try store.record(.sample(2), of: killed) }?.kind == .runFailed)
    #expect(failure { try store.finish(killed, .done) }?.kind == .runFailed)
    #expect(try store.cell("x").status == .running)
    try store.record(.sample(2), of: next)
    #expect(try store.history(of: "animals10").count == 2)
    let ended = try store.fetch {
      try Row.fetchOne($0, sql: "SELECT status, ended_at, error FROM runs WHERE attempt = 1")
    }
    #expect(ended?["status"] == "interrupted")
    #expect(ended?["ended_at"] == nil)
    #expect(ended?["error"] == "killed: its end was not seen")
  }

  @Test func anEpochIsStoredBeforeItsCheckpointIsPublished() throws {
    let run = try store.begin(.sample(), of: store.cell("x"))
    let reader = try Store.read(scratch.store)
    var seen = 0
    func look() throws(SweepError) { seen = try reader.history(of: "animals10").count }
    try store.record(.sample(1), of: run, publish: look)
    #expect(seen == 1)
  }

  @Test func aCheckpointIsNotPublishedForAnEpochThatIsNotStored() throws {
    let run = try store.begin(.sample(), of: store.cell("x"))
    try store.record(.sample(1), of: run)
    var published = false
    #expect(failure { try store.record(.sample(1), of: run) { published = true } } != nil)
    #expect(!published)
    #expect(try store.history(of: "animals10").count == 1)
  }

  @Test func provenanceIsStored() throws {
    try store.train("x", epochs: 1...1)
    let row = try store.fetch {
      try Row.fetchOne(
        $0,
        sql: """
          SELECT host, process_id, threads, vector_bits, program_version, git_commit,
            libraries ->> 'sqlite' AS sqlite, f.text AS file
          FROM runs JOIN experiment_files AS f ON f.sha256 = runs.file_sha256
          """)
    }
    #expect(
      row == [
        "host": "here", "process_id": 1, "threads": 2, "vector_bits": 256,
        "program_version": "0.1.0", "git_commit": nil, "sqlite": "3.40.1",
        "file": "{\"name\":\"animals10\"}",
      ])
  }
}
