import Common
import Foundation
import Results
import Study

/// The live table of a sweep: one line per cell in training, then totals, the time of the end, the
/// best cell so far, and disk and memory.
package struct ProgressTable: Sendable {
  package var columns, lines: Int
  package var color: Bool
  /// The time of drawing.
  package var now: Date
  package var timeZone: TimeZone
  package var usage: ResourceUsage?

  package init(
    columns: Int = 80, lines: Int = 24, color: Bool = false, now: Date = Date(),
    timeZone: TimeZone = .current, usage: ResourceUsage? = nil
  ) {
    self.columns = columns
    self.lines = lines
    self.color = color
    self.now = now
    self.timeZone = timeZone
    self.usage = usage
  }

  private struct Column {
    let title: String
    /// Columns with the highest rank are dropped first.
    let rank: Int
    /// The width of usual values, so that the table does not change its columns from step to step.
    var width = 0
    let value: (SweepProgress.Row) -> String

    func text(_ row: SweepProgress.Row) -> String {
      let text = value(row)
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
  }

  /// The most columns of a progress bar, and the fewest that are worth one.
  private static let barWidth = 12...40

  /// The table, fitted to the terminal's width and height.
  ///
  /// It has a line for each running cell and for each cell of `ended`. On a narrow terminal columns
  /// are dropped, then ids shortened; numbers are never truncated. A wide one also gets bars.
  package func draw(_ progress: SweepProgress, ended: Set<String> = []) -> String {
    let running = progress.rows.filter { $0.status == .running || ended.contains($0.id) }
    let footer = footer(progress)
    let room = max(1, lines - 4 - footer.count)
    let shown = Array(running.prefix(room))
    var text = shown.isEmpty ? "" : table(shown, epochs: progress.epochs)
    if running.count > room { text += "… and \(running.count - room) more\n" }
    let kept = footer.prefix(max(1, lines - 1 - text.count { $0 == "\n" }))
    let totals = Self.summary(progress)
    let rest = fitted(kept.map { $0 + "\n" }.joined())
    guard color, rest.hasPrefix(totals) else { return fitted(text) + rest }
    return fitted(text) + Paint(isOn: color)(totals, .bold) + rest.dropFirst(totals.count)
  }

  private func table(_ rows: [SweepProgress.Row], epochs: Int) -> String {
    let all = Self.columns(epochs: epochs)
    let tables = (0..<all.count).map { dropped in
      Self.table(rows, all.filter { $0.rank < all.count - dropped }, idWidth: .max)
    }
    let spare = columns - 3 - tables[0].width
    if spare >= Self.barWidth.lowerBound {
      let width = min(spare, Self.barWidth.upperBound)
      let bar = Column(title: "", rank: 0) { Self.bar($0.fraction(of: epochs), width: width) }
      return Self.table(rows, all + [bar], idWidth: .max).text
    }
    if let table = tables.first(where: { $0.width < columns }) { return table.text }
    let last = [all[0]]
    let rest = columns - 1 - Self.table(rows, last, idWidth: 0).width
    return Self.table(rows, last, idWidth: rest).text
  }

  private static func columns(epochs: Int) -> [Column] {
    [
      Column(title: "epoch", rank: 0, width: "\(epochs)/\(epochs)".count) {
        "\(min($0.completed + 1, epochs))/\(epochs)"
      },
      Column(title: "", rank: 4, width: 5) { row in
        row.completed >= epochs
          ? "100 %" : "\(row.steps > 0 ? 100 * row.step / row.steps : 0) %"
      },
      Column(title: "loss", rank: 5, width: 5) { figure($0.trainLoss) },
      Column(title: "acc", rank: 3, width: 6) { percent($0.trainAccuracy) },
      Column(title: "val loss", rank: 6) { figure($0.valLoss) },
      Column(title: "val acc", rank: 1) { percent($0.valAccuracy) },
      Column(title: "img/s", rank: 2) { speed($0.imagesPerSecond) },
    ]
  }

  private static func table(
    _ rows: [SweepProgress.Row], _ columns: [Column], idWidth: Int
  ) -> TextTable {
    var table = TextTable(
      [(idWidth < 4 ? "" : "cell", .left)] + columns.map { ($0.title, .right) })
    for row in rows { table.add([shortened(row.id, idWidth)] + columns.map { $0.text(row) }) }
    return table
  }

  private static func bar(_ fraction: Double, width: Int) -> String {
    let filled = Int(fraction * Double(width))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }

  /// The end of an id, because that is where ids differ most.
  private static func shortened(_ id: String, _ width: Int) -> String {
    id.count <= width ? id : width > 0 ? "…" + id.suffix(width - 1) : ""
  }

  /// What follows the cells, in as few lines as the width allows.
  private func footer(_ progress: SweepProgress) -> [String] {
    var phrases = [Self.summary(progress)]
    if let left = Self.secondsLeft(progress) {
      let end = now.addingTimeInterval(left)
      phrases[0] += ", ends \(EndTime.text(end, now: now, in: timeZone))"
    }
    if let best = progress.best {
      phrases.append("best so far: \(best.id), \(Self.percent(best.valAccuracy))")
    }
    phrases += usage?.phrases ?? []
    return phrases.reduce(into: []) { lines, phrase in
      let joined = (lines.last.map { $0 + "; " } ?? "") + phrase
      if !lines.isEmpty && joined.count < columns {
        lines[lines.count - 1] = joined
      } else {
        lines.append(phrase)
      }
    }
  }

  /// The sweep in a line: `5 of 12 cells done, 1 failed, 41 %, 3 min 20 s left`.
  ///
  /// It says 100 % only if all cells are done, and no percentage if nothing is left but not all are.
  static func summary(_ progress: SweepProgress) -> String {
    func count(_ status: CellStatus) -> Int { progress.rows.count { $0.status == status } }
    let open = progress.rows.count - count(.done) - count(.diverged) - count(.failed)
    var parts = ["\(count(.done)) of \(progress.rows.count) cells done"]
    if count(.diverged) > 0 { parts.append("\(count(.diverged)) diverged") }
    if count(.failed) > 0 { parts.append("\(count(.failed)) failed") }
    if open > 0 {
      parts.append(
        "\(Format.fixed(min(99, (100 * progress.fraction).rounded(.down)), decimals: 0)) %")
    } else if count(.done) == progress.rows.count {
      parts.append("100 %")
    }
    if let seconds = secondsLeft(progress) { parts.append("\(Format.duration(seconds)) left") }
    return parts.joined(separator: ", ")
  }

  /// The estimated seconds left; nil if they are unknown or nothing is left.
  private static func secondsLeft(_ progress: SweepProgress) -> Double? {
    let isOver = progress.rows.allSatisfy { [.done, .diverged, .failed].contains($0.status) }
    return isOver ? nil : progress.secondsLeft.flatMap { $0 > 0 ? $0 : nil }
  }

  static func figure(_ number: Double?) -> String {
    number.map { Format.fixed($0, decimals: 3) } ?? "–"
  }

  static func percent(_ fraction: Double?) -> String { fraction.map(Format.percent) ?? "–" }

  static func speed(_ number: Double?) -> String {
    number.map { Format.fixed($0, decimals: $0 < 99.5 ? 1 : 0) } ?? "–"
  }

  /// Truncates lines to the terminal's width: a wrapped line would corrupt the next redraw.
  private func fitted(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: true)
      .map { $0.prefix(max(1, columns - 1)) + "\n" }.joined()
  }
}

extension SweepProgress {
  /// The cell with the highest validation accuracy after its last completed epoch.
  fileprivate var best: Row? {
    rows.filter { $0.status != .diverged && $0.valAccuracy?.isFinite == true }
      .max { ($0.valAccuracy ?? 0) < ($1.valAccuracy ?? 0) }
  }
}

extension SweepProgress.Row {
  /// The completed part of `epochs` epochs, in [0, 1].
  fileprivate func fraction(of epochs: Int) -> Double {
    let part = steps > 0 ? Double(step) / Double(steps) : 0
    return min(1, (Double(completed) + part) / Double(max(epochs, 1)))
  }
}
