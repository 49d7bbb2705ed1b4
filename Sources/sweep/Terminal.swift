import Dispatch
import Foundation
import Reporting
import Synchronization

/// The terminal of standard error, where the live table is.
enum Terminal {
  /// Seconds between two drawings without news, after which a new window size shows.
  private static let interval = 0.5

  static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1
      && ProcessInfo.processInfo.environment["TERM", default: "dumb"] != "dumb"
  }

  static var hasColor: Bool {
    isInteractive && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
  }

  /// The live table for the window's current size.
  static func table(usage: ResourceUsage) -> ProgressTable {
    var size = winsize()
    let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return ProgressTable(
      columns: isKnown ? Int(size.ws_col) : 80, lines: isKnown ? Int(size.ws_row) : 24,
      color: hasColor, usage: usage)
  }

  /// Draws a table again and again, also while training takes long steps, until the returned timer
  /// is canceled.
  static func redraw(_ printer: ProgressPrinter) -> any DispatchSourceTimer {
    let timer = DispatchSource.makeTimerSource()
    timer.schedule(deadline: .now() + interval, repeating: interval)
    timer.setEventHandler { printer.redraw() }
    timer.resume()
    return timer
  }
}

/// Measures disk and memory at most every few seconds.
final class ResourceMeter: Sendable {
  private static let interval = Duration.seconds(5)

  private let folder: String
  private let last = Mutex<(time: ContinuousClock.Instant, usage: ResourceUsage)?>(nil)

  init(folder: String) { self.folder = folder }

  var usage: ResourceUsage {
    last.withLock { last in
      let now = ContinuousClock.now
      if let last, last.time.duration(to: now) < Self.interval { return last.usage }
      let usage = ResourceUsage(folder: folder)
      last = (now, usage)
      return usage
    }
  }
}
