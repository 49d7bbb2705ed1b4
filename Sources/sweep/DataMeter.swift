import Foundation
import Synchronization

/// How far the reading of images is, as one line on standard error that is written over; silent where that is no terminal.
final class DataMeter: Sendable {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let shown = Mutex(-1)

  /// Shows that `done` of `count` images are done; always true, for there is no reason to stop.
  func show(_ done: Int, _ count: Int) -> Bool {
    guard isTerminal else { return true }
    shown.withLock { shown in
      let percent = 100 * done / max(count, 1)
      if percent > shown {
        shown = percent
        Output.note("\r\(done) of \(count) images (\(percent) %)")
      }
    }
    return true
  }

  /// Removes the line.
  func clear() {
    if isTerminal { Output.note("\r\u{1B}[K") }
  }
}
