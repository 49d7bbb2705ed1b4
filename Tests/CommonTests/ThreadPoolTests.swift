import Foundation
import Synchronization
import Testing

@testable import Common

@Suite struct ThreadPoolTests {
  private final class Counts: Sendable {
    let running = Atomic(0)
  }

  /// Starts a thread and counts it for as long as it runs.
  private func start(_ counts: Counts, _ body: @escaping @Sendable () -> Void) -> Bool {
    counts.running.add(1, ordering: .relaxed)
    return Threads.start {
      body()
      counts.running.subtract(1, ordering: .relaxed)
    } == 0
  }

  private func sum(_ pool: ThreadPool, tasks: Int) -> Int {
    let sum = Atomic(0)
    pool.run(tasks) { task, worker in
      precondition(worker < pool.threads)
      sum.add(task, ordering: .relaxed)
    }
    return sum.load(ordering: .relaxed)
  }

  @Test("Every task runs once, whether threads have started yet or not", arguments: [1, 2, 5, 16])
  func tasks(threads: Int) {
    for _ in 0..<20 {
      let pool = ThreadPool(threads: threads)
      for tasks in [0, 1, 2, 100] { #expect(sum(pool, tasks: tasks) == tasks * (tasks - 1) / 2) }
    }
  }

  @Test("A pool that is released goes away, and its threads end")
  func lifetime() {
    let counts = Counts()
    weak var released: ThreadPool?
    do {
      let pool = ThreadPool(threads: 4) { start(counts, $0) }
      released = pool
      #expect(pool.threads == 4)
      #expect(sum(pool, tasks: 10) == 45)
    }
    #expect(released == nil)
    let deadline = ContinuousClock.now + .seconds(60)
    while counts.running.load(ordering: .relaxed) > 0, ContinuousClock.now < deadline {
      usleep(1000)
    }
    #expect(counts.running.load(ordering: .relaxed) == 0)
  }

  @Test("Where the system refuses threads the pool runs with those that it has", arguments: [0, 2])
  func refusal(allowed: Int) {
    let counts = Counts()
    let pool = ThreadPool(threads: 1000) { body in
      counts.running.load(ordering: .relaxed) < allowed && start(counts, body)
    }
    #expect(pool.threads == 1 + allowed)
    #expect(sum(pool, tasks: 100) == 4950)
  }
}
