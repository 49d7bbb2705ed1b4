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

  /// Lets the first SIGINT, SIGTERM or SIGHUP request a stop until the returned value is released,
  /// and writes `message` to standard error.
  ///
  /// A SIGHUP that is ignored, as under `nohup`, stays ignored. A second signal ends the program at
  /// once unless the watch `isPatient`: a scheduler warns more than once before it kills. Before
  /// `beginWork`, a program that has not stopped two seconds after the signal is also ended. Needs
  /// no thread. Only one watch at a time.
  package func watchSignals(isPatient: Bool = false, message: String = "") -> SignalWatch {
    interrupt_watch(message, isPatient)
    isWatching.store(true, ordering: .relaxed)
    return SignalWatch { [self] in
      if interrupt_is_requested() { request() }
      isWatching.store(false, ordering: .relaxed)
      interrupt_unwatch()
    }
  }

  /// There are now results to save, so stopping may take as long as necessary.
  package func beginWork() {
    if isWatching.load(ordering: .relaxed) { interrupt_begin_work() }
  }

  /// Everything is saved: the program is ended one second after a signal.
  func endWork() {
    if isWatching.load(ordering: .relaxed) { interrupt_end_work() }
  }

  /// Forwards SIGTERM to a child process when a signal arrives, or at once if one has arrived.
  package func forward(to child: Int32) {
    if isWatching.load(ordering: .relaxed) { interrupt_forward(child) }
  }
}

/// Interrupts are requested by signals while this exists.
package final class SignalWatch {
  private let end: () -> Void

  fileprivate init(end: @escaping () -> Void) {
    self.end = end
  }

  deinit { end() }
}
