import Foundation
import Synchronization

/// Threads that run numbered tasks together with the calling thread.
///
/// Which thread runs which task is left to chance, so a task must write only what is its own;
/// kernels give every task a share of the work, and a slot for its sums, that depend on the shapes
/// alone. Results then do not depend on `threads`.
public final class ThreadPool: @unchecked Sendable {
  /// How many threads run tasks, the calling one included.
  public let threads: Int

  private let next = Atomic<Int>(0)
  private let busy = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private var count = 0
  private var body: ((Int, Int) -> Void)?
  private let condition = NSCondition()

  /// A pool of `threads` threads, at least one.
  public init(threads: Int) {
    self.threads = max(1, threads)
    for worker in 1..<max(2, self.threads) where worker < self.threads {
      // The thread keeps only what it needs, so that the pool can go away.
      let thread = Thread { [unowned self] in self.work(as: worker) }
      thread.stackSize = 1 << 20
      thread.name = "sweep-\(worker)"
      busy.add(1, ordering: .sequentiallyConsistent)
      thread.start()
    }
    waitForWorkers()
  }

  deinit {
    busy.store(threads - 1, ordering: .sequentiallyConsistent)
    stopping.store(true, ordering: .sequentiallyConsistent)
    release()
    waitForWorkers()
  }

  /// Runs `body(task, worker)` for each task in 0..<count and returns when all are done; `worker`
  /// is below `threads` and no two tasks run at once with the same one.
  public func run(_ count: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    guard threads > 1, count > 1 else {
      for task in 0..<count { body(task, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      self.body = body
      self.count = count
      next.store(0, ordering: .relaxed)
      busy.store(threads - 1, ordering: .sequentiallyConsistent)
      release()
      takeTasks(body, count, worker: 0)
      waitForWorkers()
      self.body = nil
    }
  }

  private func release() {
    condition.lock()
    generation.add(1, ordering: .releasing)
    condition.broadcast()
    condition.unlock()
  }

  private func takeTasks(_ body: (Int, Int) -> Void, _ count: Int, worker: Int) {
    while true {
      let task = next.add(1, ordering: .relaxed).oldValue
      guard task < count else { return }
      body(task, worker)
    }
  }

  private func waitForWorkers() {
    var spins = 0
    while busy.load(ordering: .acquiring) > 0 {
      spins += 1
      if spins > 1000 { sched_yield() }
    }
  }

  private func work(as worker: Int) {
    var seen = 0
    busy.subtract(1, ordering: .releasing)
    while true {
      // Between two kernels there are microseconds: wait for them awake, and sleep through longer
      // breaks.
      var spins = 0
      while generation.load(ordering: .acquiring) == seen && spins < 4000 { spins += 1 }
      if generation.load(ordering: .acquiring) == seen {
        condition.lock()
        while generation.load(ordering: .acquiring) == seen { condition.wait() }
        condition.unlock()
      }
      seen += 1
      if stopping.load(ordering: .acquiring) {
        busy.subtract(1, ordering: .releasing)
        return
      }
      if let body { takeTasks(body, count, worker: worker) }
      busy.subtract(1, ordering: .releasing)
    }
  }
}
