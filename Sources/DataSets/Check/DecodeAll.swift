import Common
import Foundation

/// The results of `body` for 0..<`count`, in order, computed on up to `threads` threads.
///
/// Uses fewer threads if the system refuses some. `progress` is called from any thread, in no
/// particular order, with the completed and total counts, and several times a second. If it returns
/// false, `.interrupted` is thrown at once, even while files are being decoded.
func decodeAll<Value: Sendable>(
  _ count: Int, threads: Int, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Bool,
  _ body: @escaping @Sendable (Int) throws(SweepError) -> Value
) throws(SweepError) -> [Result<Value, SweepError>] {
  let work = DecodingWork(count, progress: progress, body)
  var started = 0
  while started < min(threads, count, Threads.maximum), Threads.start({ work.run() }) == 0 {
    started += 1
  }
  if started == 0 { work.run() }
  return try work.outcomes()
}

/// The shared state of `decodeAll`'s threads.
///
/// A thread that is decoding when the work stops keeps this alive until its file is done.
private final class DecodingWork<Value: Sendable>: @unchecked Sendable {
  private let progress: @Sendable (Int, Int) -> Bool
  private let body: @Sendable (Int) throws(SweepError) -> Value

  // The properties below are protected by the condition.
  private let condition = NSCondition()
  private var results: [Result<Value, SweepError>?]
  private var next = 0
  private var done = 0
  private var isStopped = false

  init(
    _ count: Int, progress: @escaping @Sendable (Int, Int) -> Bool,
    _ body: @escaping @Sendable (Int) throws(SweepError) -> Value
  ) {
    self.progress = progress
    self.body = body
    results = Array(repeating: nil, count: count)
  }

  /// Processes items until none is left or the work is stopped.
  func run() {
    while let index = locked({ take() }) {
      let outcome = Result { () throws(SweepError) in try body(index) }
      let finished = locked {
        results[index] = outcome
        done += 1
        return done
      }
      let goesOn = progress(finished, results.count)
      locked {
        isStopped = isStopped || !goesOn
        condition.broadcast()
      }
    }
  }

  func outcomes() throws(SweepError) -> [Result<Value, SweepError>] {
    while true {
      let (done, isStopped) = locked {
        if self.done < results.count && !self.isStopped {
          _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
        }
        return (self.done, self.isStopped)
      }
      if !isStopped && done == results.count { return locked { results.compactMap(\.self) } }
      guard !isStopped, progress(done, results.count) else {
        locked { self.isStopped = true }
        throw SweepError(.interrupted, "interrupted while reading the images")
      }
    }
  }

  private func take() -> Int? {
    guard !isStopped, next < results.count else { return nil }
    next += 1
    return next - 1
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }
}
