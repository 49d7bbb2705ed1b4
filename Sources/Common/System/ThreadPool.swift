import Foundation
import Synchronization

/// Threads that run numbered tasks together with the calling thread.
///
/// The assignment of tasks to threads is not deterministic, so a task writes only its own part.
/// Kernels derive each task's share of the work and its slot for sums from the shapes alone, so
/// results do not depend on `threads`.
package final class ThreadPool: @unchecked Sendable {
  /// The number of threads that run tasks, including the caller: fewer than requested if the system
  /// refuses some.
  package let threads: Int
  /// Runs the tasks instead of the threads and records their durations; nil for none.
  package var recorder: TaskRecorder?
  private let work = PoolWork()

  package convenience init(threads: Int) {
    self.init(threads: threads) { Threads.start($0) == 0 }
  }

  /// `start` starts a thread and returns whether it succeeded.
  init(threads: Int, start: (_ body: @escaping @Sendable () -> Void) -> Bool) {
    var started = 1
    while started < threads, start({ [work, started] in work.serve(as: started) }) {
      started += 1
    }
    self.threads = started
  }

  deinit { work.stop() }

  /// Runs `body(task, worker)` for each task in 0..<count and waits for all of them; `worker` is
  /// below `threads` and unique among concurrent tasks.
  package func run(_ count: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    if let recorder { return recorder.run(count, body) }
    guard threads > 1, count > 1 else {
      for task in 0..<count { body(task, 0) }
      return
    }
    work.run(count, workers: threads - 1, body)
  }
}

/// The shared state of a pool's threads; they keep it alive, but not the pool.
private final class PoolWork: @unchecked Sendable {
  private let next = Atomic<Int>(0)
  private let busy = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private var count = 0
  private var body: ((Int, Int) -> Void)?
  private let condition = NSCondition()

  func run(_ count: Int, workers: Int, _ body: (Int, Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      self.body = body
      self.count = count
      next.store(0, ordering: .relaxed)
      busy.store(workers, ordering: .sequentiallyConsistent)
      release()
      takeTasks(body, count, worker: 0)
      var spins = 0
      while busy.load(ordering: .acquiring) > 0 {
        spins += 1
        if spins > 1000 { sched_yield() }
      }
      self.body = nil
    }
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    release()
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

  /// A thread's loop until the pool is released: its share of each generation's tasks.
  func serve(as worker: Int) {
    var seen = 0
    while true {
      // Breaks between kernels take microseconds: spin through these, and sleep through longer
      // ones.
      var spins = 0
      while generation.load(ordering: .acquiring) == seen && spins < 4000 { spins += 1 }
      if generation.load(ordering: .acquiring) == seen {
        condition.lock()
        while generation.load(ordering: .acquiring) == seen { condition.wait() }
        condition.unlock()
      }
      seen += 1
      if stopping.load(ordering: .acquiring) { return }
      if let body { takeTasks(body, count, worker: worker) }
      busy.subtract(1, ordering: .releasing)
    }
  }
}
