import Common
import Results
import Study
import Synchronization

/// Prints progress as one line per epoch or as a table redrawn in place.
package final class ProgressPrinter: RunObserver, Sendable {
  package enum Style: Sendable {
    case plain
    /// A table at the bottom of the terminal, fitted to its current size.
    case live(@Sendable () -> ProgressTable)
  }

  private struct State {
    var last: SweepProgress?
    var lastDrawn = -Double.infinity
    /// The widths of the lines on the screen that the next drawing replaces.
    var drawn: [Int] = []
    /// The cells that this sweep has begun to train and not finished.
    var started: Set<String> = []
  }

  /// Seconds between redraws.
  private static let interval = 0.2

  private let style: Style
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  package init(_ style: Style, write: @escaping @Sendable (String) -> Void) {
    self.style = style
    self.write = write
  }

  package func handle(_ event: RunEvent, _ progress: SweepProgress) {
    state.withLock { state in
      state.last = progress
      switch style {
      case .plain:
        if let line = Self.line(event, progress) { write(line + "\n") }
      case .live(let table): show(event, progress, table(), &state)
      }
    }
  }

  private func show(
    _ event: RunEvent, _ progress: SweepProgress, _ table: ProgressTable, _ state: inout State
  ) {
    var remark = Self.line(event, progress)
    switch event {
    case .note: break
    case .started(let cell): state.started.insert(cell)
    case .ended(let cell, .done):
      state.started.remove(cell)
      remark = Self.doneLine(cell, progress)
    case .ended(_, .interrupted): break
    case .ended(let cell, _): state.started.remove(cell)
    case .step, .epoch: remark = nil
    }
    guard remark != nil || progress.now - state.lastDrawn >= Self.interval else { return }
    state.lastDrawn = progress.now
    draw(table.draw(progress), table, below: remark.map { $0 + "\n" } ?? "", &state)
  }

  /// Draws the table again, fitted to the terminal's size now.
  package func redraw() {
    guard case .live(let table) = style else { return }
    state.withLock { state in
      guard let last = state.last, !state.drawn.isEmpty else { return }
      let table = table()
      draw(table.draw(last), table, below: "", &state)
    }
  }

  /// Replaces the table by the summary; cells that were interrupted stay on the screen.
  package func end() {
    state.withLock { state in
      guard let last = state.last else { return }
      var text = ProgressTable.summary(last) + "\n"
      if case .live(let table) = style {
        let table = table()
        let ended = last.rows.filter {
          state.started.contains($0.id) && [.running, .interrupted].contains($0.status)
        }
        if !ended.isEmpty { text = table.draw(last, ended: Set(ended.map(\.id))) }
        write(Self.erase(state.drawn, columns: table.columns) + text)
      } else {
        write(text)
      }
      (state.drawn, state.last) = ([], nil)
    }
  }

  private func draw(
    _ text: String, _ table: ProgressTable, below remark: String, _ state: inout State
  ) {
    write(Self.erase(state.drawn, columns: table.columns) + remark + text)
    state.drawn = text.split(separator: "\n").map { DisplayWidth.of(String($0)) }
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

  private static func doneLine(_ cell: String, _ progress: SweepProgress) -> String {
    let row = progress.rows.first { $0.id == cell }
    return "\(cell): done, val accuracy \(ProgressTable.percent(row?.valAccuracy))"
      + ", val loss \(ProgressTable.figure(row?.valLoss))"
      + ", \(ProgressTable.speed(row?.imagesPerSecond)) images/s"
  }

  /// Moves the cursor to the first of the drawn lines and clears everything below.
  ///
  /// A terminal that has become narrower has wrapped lines that are now too wide.
  private static func erase(_ widths: [Int], columns: Int) -> String {
    let rows = widths.reduce(0) { $0 + max(1, ($1 + columns - 1) / max(columns, 1)) }
    return rows > 0 ? "\r\u{1B}[\(rows)A\u{1B}[J" : ""
  }
}
