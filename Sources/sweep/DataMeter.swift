import Common
import Foundation
import Study
import Synchronization

/// A progress line for work on images, overwritten in place on standard error; silent if that is
/// not a terminal.
final class DataMeter: Sendable {
  private let isTerminal: Bool
  private let shown = Mutex(-1)
  private let interrupt: Interrupt

  private init(isSilent: Bool, interrupt: Interrupt) {
    self.interrupt = interrupt
    isTerminal = !isSilent && isatty(STDERR_FILENO) == 1
  }

  /// Runs `work`, which reports completed and total images to its closure and stops if the closure
  /// returns false.
  ///
  /// Ctrl-C makes it return false, so that the work cleans up. A caller that already watches
  /// signals passes its `interrupt`.
  static func watch<Value>(
    isSilent: Bool = false, interrupt: Interrupt? = nil,
    _ work: (_ progress: @escaping @Sendable (Int, Int) -> Bool) throws(SweepError) -> Value
  ) throws(SweepError) -> Value {
    let meter = DataMeter(isSilent: isSilent, interrupt: interrupt ?? Interrupt())
    let signals = interrupt == nil ? meter.interrupt.watchSignals() : nil
    defer {
      withExtendedLifetime(signals) {}
      meter.end()
    }
    return try work { done, count in
      meter.show(done, count)
      return !meter.interrupt.isRequested
    }
  }

  /// Clears the line; a thread that reports after this shows nothing.
  private func end() {
    guard isTerminal else { return }
    shown.withLock { shown in
      shown = .max
      Output.note("\r\u{1B}[K")
    }
  }

  private func show(_ done: Int, _ count: Int) {
    guard isTerminal else { return }
    shown.withLock { shown in
      let percent = 100 * done / max(count, 1)
      if percent > shown {
        shown = percent
        Output.note("\r\(done) of \(count) images (\(percent) %)")
      }
    }
  }
}
