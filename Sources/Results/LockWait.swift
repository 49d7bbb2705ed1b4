import Foundation
import Synchronization

/// How long a program waits for a store that another one holds locked.
///
/// Minutes, as whoever holds it will let go. Where the user wants the work to end meanwhile, not a
/// moment longer; what is saved after that has a few seconds.
final class LockWait: Sendable {
  /// Seconds that a wait lasts which begins when the user already wants the work to end.
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

  /// A wait of so many seconds; `clock` gives seconds and never goes back, `pause` waits for some.
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

  /// Whether a wait was given up because the user wants the work to end.
  var wasCutShort: Bool { state.withLock(\.wasCutShort) }

  /// Waits a moment and gives true, or false where the wait is over; `tries` counts from 0 in each
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
