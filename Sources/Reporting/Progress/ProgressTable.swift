import Common
import Results
import Study

/// The live table of a sweep: the cells in training, and the overall progress.
package struct ProgressTable: Sendable {
  package var columns, lines: Int
  package var color: Bool

  package init(columns: Int = 80, lines: Int = 24, color: Bool = false) {
    self.columns = columns
    self.lines = lines
    self.color = color
  }

  private struct Column {
    let title: String
    /// Columns with the highest rank are dropped first.
    let rank: Int
    let value: (SweepProgress.Row) -> String
  }

  /// The table, fitted to the terminal's width and height.
  ///
  /// On a narrow terminal columns are dropped, then ids shortened; numbers are never truncated.
  package func draw(_ progress: SweepProgress) -> String {
    let running = progress.rows.filter { $0.status == .running }
    let room = max(1, lines - 5)
    let shown = Array(running.prefix(room))
    var text = ""
    if !shown.isEmpty {
      let all = Self.columns(epochs: progress.epochs)
      let tables = (0..<all.count).map { dropped in
        Self.table(shown, all.filter { $0.rank < all.count - dropped }, idWidth: .max)
      }
      let last = [all[0]]
      let spare = columns - 1 - Self.table(shown, last, idWidth: 0).width
      text = (tables.first { $0.width < columns } ?? Self.table(shown, last, idWidth: spare)).text
    }
    if running.count > room { text += "… and \(running.count - room) more\n" }
    let summary = fitted(Self.summary(progress) + "\n")
    return fitted(text)
      + (color ? Paint(isOn: true)(String(summary.dropLast()), .bold) + "\n" : summary)
  }

  private static func columns(epochs: Int) -> [Column] {
    [
      Column(title: "epoch", rank: 0) { "\(min($0.completed + 1, epochs))/\(epochs)" },
      Column(title: "", rank: 4) { row in
        row.completed >= epochs
          ? "100 %" : "\(row.steps > 0 ? 100 * row.step / row.steps : 0) %"
      },
      Column(title: "loss", rank: 5) { figure($0.trainLoss) },
      Column(title: "acc", rank: 3) { percent($0.trainAccuracy) },
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
    for row in rows { table.add([shortened(row.id, idWidth)] + columns.map { $0.value(row) }) }
    return table
  }

  /// The end of an id, because that is where ids differ most.
  private static func shortened(_ id: String, _ width: Int) -> String {
    id.count <= width ? id : width > 0 ? "…" + id.suffix(width - 1) : ""
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
    if open > 0, let seconds = progress.secondsLeft, seconds > 0 {
      parts.append("\(Format.duration(seconds)) left")
    }
    return parts.joined(separator: ", ")
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
