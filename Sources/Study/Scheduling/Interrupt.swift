import Foundation
import Synchronization

/// Whether the user wants the work to stop.
///
/// The first SIGINT, SIGTERM or SIGHUP, that of a closing terminal, sets it.
public final class Interrupt: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Not set.
  public init() {}

  /// Whether the work shall stop.
  public var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Asks the work to stop; false where that was done already.
  @discardableResult
  public func request() -> Bool { !flag.exchange(true, ordering: .relaxed) }

  /// Lets SIGINT, SIGTERM and SIGHUP set it, until the returned value is dropped; `first` runs at
  /// the first of them.
  ///
  /// A SIGHUP that is ignored, as under `nohup`, remains so.
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
  private let signals: [Int32]
  private let sources: [any DispatchSourceSignal]

  fileprivate init(_ handler: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "signals")
    signals = [SIGINT, SIGTERM] + (Self.isIgnored(SIGHUP) ? [] : [SIGHUP])
    sources = signals.map { number in
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
    for number in signals { signal(number, SIG_DFL) }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
