import Common
import Results

/// The live table of a sweep: the cells in training, and how far the whole has come.
public struct ProgressTable: Sendable {
  /// The terminal's width.
  public var columns: Int
  /// The terminal's height.
  public var lines: Int
  /// Whether to use colours.
  public var color: Bool

  /// A table for a terminal of that size.
  public init(columns: Int = 80, lines: Int = 24, color: Bool = false) {
    self.columns = columns
    self.lines = lines
    self.color = color
  }

  /// The table: each line fits the terminal's width, all of them its height.
  public func draw(_ progress: SweepProgress) -> String {
    let running = progress.rows.filter { $0.status == .running }
    let room = max(1, lines - 5)
    var table = TextTable([
      ("cell", .left), ("epoch", .right), ("", .right), ("loss", .right), ("acc", .right),
      ("val loss", .right), ("val acc", .right), ("img/s", .right),
    ])
    for row in running.prefix(room) {
      let step = row.steps > 0 ? 100 * row.step / row.steps : 0
      table.add([
        row.id, "\(min(row.completed + 1, progress.epochs))/\(progress.epochs)", "\(step) %",
        Self.figure(row.trainLoss), Self.figure(row.trainAccuracy), Self.figure(row.valLoss),
        Self.figure(row.valAccuracy), Self.speed(row.imagesPerSecond),
      ])
    }
    var text = running.isEmpty ? "" : table.text
    if running.count > room { text += "… and \(running.count - room) more\n" }
    return fitted(text) + emphasised(fitted(Self.summary(progress) + "\n"))
  }

  /// The sweep in a line: `5 of 12 cells done, 1 failed, 41 %, 3 min 20 s left`.
  static func summary(_ progress: SweepProgress) -> String {
    func count(_ status: CellStatus) -> Int { progress.rows.count { $0.status == status } }
    var parts = ["\(count(.done)) of \(progress.rows.count) cells done"]
    if count(.diverged) > 0 { parts.append("\(count(.diverged)) diverged") }
    if count(.failed) > 0 { parts.append("\(count(.failed)) failed") }
    parts.append("\(Int(100 * progress.fraction)) %")
    if let seconds = progress.secondsLeft, seconds > 0 {
      parts.append("\(Duration.text(seconds)) left")
    }
    return parts.joined(separator: ", ")
  }

  static func figure(_ number: Double?) -> String {
    number.map { Format.fixed($0, decimals: 3) } ?? "–"
  }

  static func speed(_ number: Double?) -> String {
    number.map { Format.fixed($0, decimals: $0 < 99.5 ? 1 : 0) } ?? "–"
  }

  /// The text with each line cut to the terminal's width: a line that wraps would spoil the
  /// redrawing.
  private func fitted(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: true)
      .map { $0.prefix(max(1, columns - 1)) + "\n" }.joined()
  }

  private func emphasised(_ text: String) -> String {
    color ? "\u{1B}[1m" + text.dropLast() + "\u{1B}[0m\n" : text
  }
}
