import Common
import Dispatch
import Synchronization

/// The outcomes of `body` for 0..<`count`, in order, worked out on up to `threads` threads at once.
///
/// `progress` hears, from any of these threads and in no particular order, how many are done, of
/// how many; where it returns false no further one is begun and `.interrupted` is thrown.
func decodeAll<Value: Sendable>(
  _ count: Int, threads: Int, progress: @Sendable (_ done: Int, _ of: Int) -> Bool,
  _ body: @Sendable (Int) throws(SweepError) -> Value
) throws(SweepError) -> [Result<Value, SweepError>] {
  let next = Atomic(0)
  let done = Atomic(0)
  let outcomes = Mutex([Result<Value, SweepError>?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let outcome = Result { () throws(SweepError) in try body(index) }
      outcomes.withLock { $0[index] = outcome }
      guard progress(done.wrappingAdd(1, ordering: .relaxed).newValue, count) else {
        next.store(count, ordering: .relaxed)
        return
      }
    }
  }
  let found = outcomes.withLock { $0.compactMap(\.self) }
  guard found.count == count else {
    throw SweepError(.interrupted, "interrupted while reading the images")
  }
  return found
}
