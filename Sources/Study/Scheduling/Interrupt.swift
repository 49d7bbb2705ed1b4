import CSignals
import Synchronization

package final class Interrupt: Sendable {
  private let flag = Atomic<Bool>(false)
  private let isWatching = Atomic<Bool>(false)

  package init() {}

  package var isRequested: Bool {
    flag.load(ordering: .relaxed)
      || (isWatching.load(ordering: .relaxed) && interrupt_is_requested())
  }

  package func request() { flag.store(true, ordering: .relaxed) }

  /// Lets the first SIGINT, SIGTERM or SIGHUP ask the work to stop, until the returned value is
  /// released; `message` is written to standard error then.
  ///
  /// A SIGHUP that is ignored, as under `nohup`, remains so. A second signal ends the program at
  /// once, unless the watch `isPatient`: a scheduler warns more than once before it kills. Until
  /// `beginWork` a program that has not stopped two seconds after the signal is ended too. All this
  /// needs no thread. One watch at a time.
  package func watchSignals(isPatient: Bool = false, message: String = "") -> SignalWatch {
    interrupt_watch(message, isPatient)
    isWatching.store(true, ordering: .relaxed)
    return SignalWatch { [self] in
      if interrupt_is_requested() { request() }
      isWatching.store(false, ordering: .relaxed)
      interrupt_unwatch()
    }
  }

  /// From now on there are results to save: the work takes the time that it needs to stop.
  package func beginWork() {
    if isWatching.load(ordering: .relaxed) { interrupt_begin_work() }
  }

  /// All is saved: a program that does not end within a second of a signal is ended.
  func endWork() {
    if isWatching.load(ordering: .relaxed) { interrupt_end_work() }
  }

  /// Passes SIGTERM on to a child process when a signal comes, and at once where one has come.
  package func forward(to child: Int32) {
    if isWatching.load(ordering: .relaxed) { interrupt_forward(child) }
  }
}

/// Signals ask for an interrupt for as long as this exists.
package final class SignalWatch {
  private let end: () -> Void

  fileprivate init(end: @escaping () -> Void) {
    self.end = end
  }

  deinit { end() }
}
