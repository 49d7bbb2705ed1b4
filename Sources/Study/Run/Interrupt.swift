import Foundation
import Synchronization

/// Whether the user wants the work to stop.
///
/// The first SIGINT or SIGTERM sets it.
public final class Interrupt: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Not set.
  public init() {}

  /// Whether the work shall stop.
  public var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Asks the work to stop; false where that was done already.
  @discardableResult
  public func request() -> Bool { !flag.exchange(true, ordering: .relaxed) }

  /// Lets SIGINT and SIGTERM set it, until the returned value is dropped; `first` runs at the first
  /// of them.
  ///
  /// A second one ends the program at once, unless it `isPatient`: a scheduler warns more than once
  /// before it kills.
  ///
  /// Once in a program's life: a second watch would see no signals (Dispatch keeps them to the
  /// first).
  public func watchSignals(
    isPatient: Bool = false, first: @escaping @Sendable () -> Void
  ) -> SignalWatch {
    SignalWatch { [self] in
      if request() { first() } else if !isPatient { _exit(130) }
    }
  }
}

/// Signals that are turned into a call.
public final class SignalWatch {
  private static let signals = [SIGINT, SIGTERM]
  private let sources: [any DispatchSourceSignal]

  fileprivate init(_ handler: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "signals")
    sources = Self.signals.map { number in
      // The system's own action would end the program before the source sees the signal.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler(handler: handler)
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for number in Self.signals { signal(number, SIG_DFL) }
  }
}
