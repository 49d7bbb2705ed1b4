import Foundation
import Synchronization

/// How long to wait for a store that another program has locked.
///
/// A wait lasts minutes because locks are temporary. It ends at once when the user interrupts;
/// saving after that gets a few seconds.
final class LockWait: Sendable {
  /// The length in seconds of a wait that begins after an interrupt.
  static let lastSeconds = 5.0

  private struct State {
    var end = 0.0
    var beganStopped = false
    var wasCutShort = false
  }

  private let seconds: Double
  private let isStopped: @Sendable () -> Bool
  private let clock: @Sendable () -> Double
  private let pause: @Sendable (Double) -> Void
  private let state = Mutex(State())

  /// `clock` returns monotonic seconds; `pause` sleeps for the given seconds.
  init(
    seconds: Double = 180, isStopped: @escaping @Sendable () -> Bool = { false },
    clock: @escaping @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime },
    pause: @escaping @Sendable (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }
  ) {
    self.seconds = seconds
    self.isStopped = isStopped
    self.clock = clock
    self.pause = pause
  }

  /// Whether an interrupt ended a wait.
  var wasCutShort: Bool { state.withLock(\.wasCutShort) }

  /// Sleeps and returns true, or returns false if the wait is over; `tries` counts from 0 in each
  /// wait.
  func goesOn(tries: Int) -> Bool {
    let (now, isStopped) = (clock(), isStopped())
    let isOver = state.withLock { state in
      if tries == 0 {
        state.end = now + (isStopped ? Self.lastSeconds : seconds)
        state.beganStopped = isStopped
      }
      if isStopped, !state.beganStopped || now >= state.end { state.wasCutShort = true }
      return state.wasCutShort || now >= state.end
    }
    guard !isOver else { return false }
    pause(Double(min(tries + 1, 50)) / 1000)
    return true
  }
}
