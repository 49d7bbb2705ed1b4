import Common
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Results

/// Stores that another program holds locked.
@Suite struct LockWaitTests {
  /// A clock that moves when somebody waits.
  private final class Clock: Sendable {
    private let time = Mutex(0.0)
    private let onPause: @Sendable (_ now: Double) -> Void

    init(onPause: @escaping @Sendable (_ now: Double) -> Void = { _ in }) { self.onPause = onPause }

    var now: Double { time.withLock(\.self) }

    func wait(
      seconds: Double = 180, isStopped: @escaping @Sendable (_ now: Double) -> Bool = { _ in false }
    ) -> LockWait {
      LockWait(
        seconds: seconds, isStopped: { isStopped(self.now) }, clock: { self.now },
        pause: { seconds in
          // Faster than time, or a minute takes thousands of tries.
          let now = self.time.withLock { time in
            time += 20 * seconds
            return time
          }
          self.onPause(now)
        })
    }
  }

  /// Another program with a transaction that writes.
  private final class Holder: Sendable {
    private let queue: DatabaseQueue

    init(_ path: String) throws {
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    func letGo() throws {
      try queue.writeWithoutTransaction { db in
        if db.isInsideTransaction { try db.execute(sql: "COMMIT") }
      }
    }
  }

  @Test("A store that is locked for two minutes is waited for, and nothing is lost")
  func minutes() throws {
    let scratch = try Scratch()
    try Store.open(scratch.store).register(.sample([.sample("x")]))
    let holder = try Holder(scratch.store)
    let clock = Clock { now in if now > 120 { try? holder.letGo() } }
    let store = try Store(writing: scratch.store, schema: .current, wait: clock.wait())
    try store.train("x", epochs: 1...3)
    #expect(clock.now > 120 && clock.now < 130)
    #expect(try store.history(of: "animals10").count == 3)
  }

  @Test("A store that stays locked for longer is given up with a line that says why")
  func tooLong() throws {
    let scratch = try Scratch()
    try Store.open(scratch.store).register(.sample([.sample("x")]))
    let holder = try Holder(scratch.store)
    let clock = Clock()
    let store = try Store(writing: scratch.store, schema: .current, wait: clock.wait())
    let error = failure { try store.train("x", epochs: 1...3) }
    #expect(error?.kind == .store)
    #expect(error?.message == "another program holds the store locked")
    #expect(clock.now > 180 && clock.now < 190)
    try holder.letGo()
    try store.train("x", epochs: 1...3)
  }

  @Test("Who wants to end while the store is locked waits no longer, and for nothing after that")
  func stopped() throws {
    let scratch = try Scratch()
    try Store.open(scratch.store).register(.sample([.sample("x")]))
    let holder = try Holder(scratch.store)
    let clock = Clock()
    let store = try Store(
      writing: scratch.store, schema: .current, wait: clock.wait { $0 > 30 })
    for _ in 1...2 {
      let error = failure { try store.train("x", epochs: 1...3) }
      #expect(error?.kind == .interrupted)
      #expect(clock.now > 30 && clock.now <= 31)
    }
    try holder.letGo()
  }

  @Test("What is saved after somebody wanted to end has a few seconds for a lock")
  func saving() throws {
    let wait = Clock().wait { _ in true }
    var tries = 0
    while wait.goesOn(tries: tries), tries < 1000 { tries += 1 }
    #expect(tries > 10 && tries < 1000)
    #expect(wait.wasCutShort)
  }

  @Test("A store that is as it must be is opened and read without a lock")
  func opening() throws {
    let scratch = try Scratch()
    try Store.open(scratch.store).register(.sample([.sample("x")]))
    let holder = try Holder(scratch.store)
    for _ in 1...2 {
      let store = try Store(writing: scratch.store, schema: .current, wait: LockWait(seconds: 0))
      #expect(try store.cells(of: "animals10").count == 1)
      #expect(try Store.read(scratch.store).results(of: "animals10").count == 1)
    }
    try holder.letGo()
  }
}
