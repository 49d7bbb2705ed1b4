import Common
import Foundation
import Results
import Synchronization
import Testing

@testable import Study

@Suite struct SideBySideTests {
  private static let file = Workshop.file(
    models: ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"], resolutions: [64]
  ).replacing("[0.1]", with: "[0.1, 0.11]")
  private static let slow = "mobilenet_v1-w0.1-r64-s0"

  /// The same cells, trained one after the other.
  private func whole(trainImages: Int = 20) throws -> Workshop {
    let workshop = try Workshop(trainImages: trainImages)
    try workshop.run(Self.file)
    return workshop
  }

  @Test("Results are the same on any number of threads", arguments: [2, 5, 16])
  func threads(threads: Int) throws {
    let workshop = try Workshop()
    workshop.engine.threads = threads
    try workshop.run(Self.file)
    let whole = try whole()
    #expect(workshop.engine.divisions.contains { $0.count > 1 && $0.reduce(0, +) == threads })
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
    #expect(workshop.batches.given == whole.batches.given)
    let records = try Store.read(workshop.store).history(of: "trial").map(\.record)
    #expect(records.allSatisfy { $0.trainSeconds > 0 && $0.imagesPerSecond > 0 })
  }

  @Test("Without a second cell, all threads train the first")
  func alone() throws {
    let workshop = try Workshop()
    workshop.engine.threads = 4
    try workshop.run(Self.file, only: ["model=mobilenet_v1,width=0.1"])
    #expect(workshop.engine.divisions.allSatisfy { $0.isEmpty })
  }

  @Test("An interrupted sweep of several teams continues to the same results", arguments: 0..<36)
  func interrupted(after steps: Int) throws {
    let workshop = try Workshop()
    workshop.engine.threads = 2
    let interrupt = Interrupt()
    let left = Mutex(steps)
    workshop.engine.onStep = { (_, _) throws(SweepError) in
      left.withLock { left in
        if left == 0 { interrupt.request() }
        left -= 1
      }
      return nil
    }
    let error = try #require(throws: SweepError.self) {
      try workshop.run(Self.file, interrupt: interrupt)
    }
    #expect(error.kind == .interrupted)
    try workshop.run(Self.file)
    // 3 batches × 2 epochs × 6 cells, none of them twice.
    #expect(left.withLock { steps - $0 } == 36)
    let whole = try whole()
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("A cell that fails does not disturb the cells beside it")
  func failure() throws {
    let workshop = try Workshop()
    workshop.engine.threads = 3
    workshop.engine.onStep = { (cell, step) throws(SweepError) in
      if cell == Self.slow && step == 4 { throw SweepError(.runFailed, "broken") }
      return nil
    }
    #expect(throws: SweepError.self) { try workshop.run(Self.file) }
    let whole = try whole()
    let others = try whole.history().filter { $0.cell != Self.slow }
    #expect(try workshop.history().filter { $0.cell != Self.slow } == others)
    #expect(try workshop.statuses()[Self.slow] == .failed)
    #expect(try workshop.statuses().values.count { $0 == .done } == 5)
  }

  @Test("Cells run ahead of a slow one by a few batches and no more")
  func runAhead() throws {
    let workshop = try Workshop(trainImages: 80)
    workshop.engine.threads = 2
    let steps = Mutex<[String: Int]>([:])
    let most = Mutex(0)
    workshop.engine.onStep = { cell, step in
      let ahead = steps.withLock { steps in
        steps[cell] = step
        return step - (steps[Self.slow] ?? 0)
      }
      most.withLock { $0 = max($0, ahead) }
      usleep(cell == Self.slow && step == 3 ? 100_000 : 300)
      return nil
    }
    try workshop.run(Self.file)
    let ahead = most.withLock { $0 }
    #expect((1...Arrangement.mostBatches).contains(ahead), "\(ahead), \(workshop.engine.divisions)")
  }

  @Test(
    "Little memory means fewer teams, down to one cell at a time",
    arguments: [
      // The fake engine takes a MiB per model and 64 MiB per step.
      (100, 1), (160, 2), (230, 3),
    ])
  func memory(free: Int, teams: Int) throws {
    let workshop = try Workshop()
    workshop.engine.threads = 3
    var settings = Workshop.Settings()
    settings.memory = free << 20
    try workshop.run(Self.file, settings: settings)
    #expect(workshop.engine.divisions.map(\.count).max() == (teams == 1 ? 0 : teams))
    #expect(try workshop.statuses().values.allSatisfy { $0 == .done })
  }

  @Test("A cell that is stopped leaves the others alone")
  func stopped() throws {
    let workshop = try Workshop(trainImages: 80)
    workshop.engine.threads = 3
    workshop.engine.onStep = { cell, step in
      guard cell == Self.slow, step == 2 else { return nil }
      do {
        let store = try Store.open(workshop.store)
        try store.stop(try store.cells(of: "trial").filter { $0.description.id == cell })
      } catch { Issue.record(error) }
      return nil
    }
    try workshop.run(Self.file)
    #expect(try workshop.statuses()[Self.slow] == .interrupted)
    #expect(try workshop.statuses().values.count { $0 == .done } == 5)
    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    try workshop.run(Self.file)
    let whole = try whole(trainImages: 80)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }
}
