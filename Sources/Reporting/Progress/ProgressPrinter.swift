import Common
import Results
import Study

/// Prints progress as one line per epoch or as a table redrawn in place.
package final class ProgressPrinter: RunObserver {
  package enum Style: Sendable {
    case plain
    /// A table at the bottom of the terminal, fitted to its current size.
    case live(@Sendable () -> ProgressTable)
  }

  /// Seconds between redraws.
  private static let interval = 0.2

  private let style: Style
  private let write: (String) -> Void
  private var linesDrawn = 0
  private var lastDrawn = -Double.infinity
  private var last: SweepProgress?

  package init(_ style: Style, write: @escaping (String) -> Void) {
    self.style = style
    self.write = write
  }

  package func handle(_ event: RunEvent, _ progress: SweepProgress) {
    last = progress
    switch style {
    case .plain:
      if let line = Self.line(event, progress) { write(line + "\n") }
    case .live(let table):
      var remark = ""
      switch event {
      case .note, .ended(_, .failed), .ended(_, .diverged), .ended(_, .stopped):
        remark = Self.line(event, progress).map { $0 + "\n" } ?? ""
      case .ended: break
      case .started, .step, .epoch:
        guard progress.now - lastDrawn >= Self.interval else { return }
      }
      lastDrawn = progress.now
      let text = table().draw(progress)
      write(Self.erase(linesDrawn) + remark + text)
      linesDrawn = text.count { $0 == "\n" }
    }
  }

  package func end() {
    guard let last else { return }
    write(Self.erase(linesDrawn) + ProgressTable.summary(last) + "\n")
    linesDrawn = 0
  }

  static func line(_ event: RunEvent, _ progress: SweepProgress) -> String? {
    switch event {
    case .note(let text): return text
    case .started, .step, .ended(_, .done), .ended(_, .interrupted): return nil
    case .epoch(let cell, let record):
      let left = progress.secondsLeft.map { ", \(Format.duration($0)) left" } ?? ""
      return "\(cell): epoch \(record.epoch)/\(progress.epochs)"
        + ", loss \(ProgressTable.figure(record.trainLoss))"
        + ", accuracy \(ProgressTable.percent(record.trainAccuracy))"
        + ", val loss \(ProgressTable.figure(record.valLoss))"
        + ", val accuracy \(ProgressTable.percent(record.valAccuracy))"
        + ", \(ProgressTable.speed(record.imagesPerSecond)) images/s\(left)"
    case .ended(let cell, .stopped(let reason)): return "\(cell): stopped early: \(reason)"
    case .ended(let cell, .diverged(let reason)): return "\(cell): diverged: \(reason)"
    case .ended(let cell, .failed(let reason)): return "\(cell): failed: \(reason)"
    }
  }

  /// Moves the cursor up by `lines` lines and clears everything below.
  private static func erase(_ lines: Int) -> String {
    lines > 0 ? "\r\u{1B}[\(lines)A\u{1B}[J" : ""
  }
}
