import Foundation

/// A value behind a POSIX lock.
///
/// Used where threads compete for the lock: ThreadSanitizer does not see how a contended `Mutex` is
/// passed on, and reports races that do not exist.
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: Value) { self.value = value }

  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    lock.withLock { body(&value) }
  }
}
