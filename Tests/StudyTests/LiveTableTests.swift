import Common
import Foundation
import Results
import Synchronization
import Testing

@testable import Reporting
@testable import Study

@Suite struct LiveTableTests {
  /// A sweep after 100 seconds: one cell is done, two are in training, one is left.
  private func progress() -> SweepProgress {
    var progress = SweepProgress(epochs: 4, began: 0)
    func row(_ id: String, _ status: CellStatus, _ completed: Int, _ step: Int) -> SweepProgress.Row
    {
      var row = SweepProgress.Row(id: id, steps: 10, epochCost: 1)
      (row.status, row.completed, row.step) = (status, completed, step)
      return row
    }
    progress.begin([row("a", .pending, 0, 0)], at: 0)
    progress.rows = [
      row("mobilenet_v2-w0.35-r96-s0", .done, 4, 0),
      row("mobilenet_v1-w1.0-r96-s0", .running, 1, 5),
      row("c_mobilenet_v2-w1.0-r96-s0", .running, 2, 1),
      row("mobilenet_v1-w0.5-r64-s0", .pending, 0, 0),
    ]
    progress.rows[0].valAccuracy = 0.625
    (progress.rows[1].trainLoss, progress.rows[1].trainAccuracy) = (1.23456, 0.5)
    (progress.rows[1].valLoss, progress.rows[1].imagesPerSecond) = (.nan, 41.25)
    (progress.rows[2].trainLoss, progress.rows[2].trainAccuracy) = (0.5, 0.75)
    (progress.rows[2].valLoss, progress.rows[2].valAccuracy) = (0.25, 0.5)
    progress.now = 100
    return progress
  }

  private func table(_ columns: Int, color: Bool = false) -> ProgressTable {
    ProgressTable(
      columns: columns, lines: 24, color: color, now: Date(timeIntervalSince1970: 86_400 - 60),
      timeZone: .gmt,
      usage: ResourceUsage(disk: 5 << 20, freeDisk: 7 << 30, memory: 3 << 28, freeMemory: nil))
  }

  @Test("At 80 columns the table has a line per cell in training, then totals and resources")
  func narrow() {
    #expect(
      table(80).draw(progress()) == """
        cell                        epoch          loss     acc  val acc  img/s
        ───────────────────────────────────────────────────────────────────────
        mobilenet_v1-w1.0-r96-s0      2/4   50 %  1.235  50.0 %        –   41.3
        c_mobilenet_v2-w1.0-r96-s0    3/4   10 %  0.500  75.0 %   50.0 %      –
        1 of 4 cells done, 47 %, 1 min 51 s left, ends Fri 00:00
        best so far: mobilenet_v2-w0.35-r96-s0, 62.5 %; disk: 5.00 MiB, 7.00 GiB free
        memory: 768 MiB

        """)
  }

  @Test("Wider windows add columns and bars, and join the totals", arguments: [120, 200])
  func wide(columns: Int) {
    let text = table(columns).draw(progress())
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("cell                        epoch          loss     acc  val loss"))
    let bars = lines[2...3].map { line in
      (line.count { $0 == "█" }, line.count { "█░".contains($0) })
    }
    let width = columns == 120 ? 36 : 40
    #expect(bars[0] == (width * 3 / 8, width))
    #expect(bars[1] == (width * 21 / 40, width))
    #expect(lines.count == (columns == 120 ? 6 : 5))
    #expect(
      lines[4...].joined(separator: "; ")
        == "1 of 4 cells done, 47 %, 1 min 51 s left, ends Fri 00:00"
        + "; best so far: mobilenet_v2-w0.35-r96-s0, 62.5 %"
        + "; disk: 5.00 MiB, 7.00 GiB free; memory: 768 MiB")
  }

  @Test(
    "The end is a time of today, or names the day",
    arguments: [(60.0, "22:01"), (7200, "Fri 00:00"), (864_000, "Jan 11 22:00")])
  func endTime(seconds: Double, text: String) {
    let now = Date(timeIntervalSince1970: 79_200)
    #expect(EndTime.text(now.addingTimeInterval(seconds), now: now, in: .gmt) == text)
  }

  @Test("Color is used where it is wanted, and nowhere else")
  func color() {
    #expect(table(80, color: true).draw(progress()).contains("\u{1B}[1m1 of 4 cells done"))
    #expect(!table(80).draw(progress()).contains("\u{1B}"))
  }

  /// What a printer of a live table writes; `columns` is the window's width, which may change.
  private func writes(
    _ run: (ProgressPrinter, _ resize: (Int) -> Void) throws -> Void
  ) rethrows -> [String] {
    let texts = Mutex<[String]>([])
    let columns = Mutex(80)
    let printer = ProgressPrinter(.live { ProgressTable(columns: columns.withLock(\.self)) }) {
      text in texts.withLock { $0.append(text) }
    }
    try run(printer) { width in columns.withLock { $0 = width } }
    return texts.withLock(\.self)
  }

  @Test("Finished cells scroll by above the table, which ends in one line")
  func finished() throws {
    let writes = try writes { printer, _ in
      try Workshop().run(observer: printer)
      printer.end()
    }
    #expect(!(try #require(writes.first).contains("\u{1B}")))
    var drawn = 0
    for text in writes {
      if drawn > 0 { #expect(text.hasPrefix("\r\u{1B}[\(drawn)A\u{1B}[J")) }
      let isDone = text.contains(": done, val accuracy ")
      drawn = text.count { $0 == "\n" } - (isDone ? 1 : 0)
    }
    #expect(writes.joined().split(separator: ": done, val accuracy ").count == 5)
    #expect(writes.last?.hasSuffix("4 of 4 cells done, 100 %\n") == true)
    #expect(drawn == 1)
  }

  @Test("An interrupt leaves the cells in training on the screen")
  func interrupted() {
    let writes = writes { printer, _ in
      var progress = progress()
      printer.handle(.started("mobilenet_v1-w1.0-r96-s0"), progress)
      progress.rows[1].status = .interrupted
      printer.handle(.ended("mobilenet_v1-w1.0-r96-s0", .interrupted), progress)
      progress.rows[2].status = .pending
      printer.end()
    }
    #expect(writes.last?.contains("\nmobilenet_v1-w1.0-r96-s0      2/4   50 %") == true)
  }

  @Test("After the window has become narrower, wrapped lines are cleared too")
  func resize() throws {
    let writes = writes { printer, resize in
      printer.handle(.started("mobilenet_v1-w1.0-r96-s0"), progress())
      resize(40)
      printer.redraw()
      resize(80)
      printer.redraw()
    }
    let widths = writes[0].split(separator: "\n").map(\.count)
    let rows = widths.reduce(0) { $0 + ($1 + 39) / 40 }
    #expect(rows > widths.count)
    #expect(writes[1].hasPrefix("\r\u{1B}[\(rows)A\u{1B}[J"))
    let lines = writes[1].dropFirst(writes[1].prefix { $0 != "J" }.count + 1)
    #expect(lines.split(separator: "\n").allSatisfy { $0.count < 40 })
    #expect(writes[2].hasPrefix("\r\u{1B}[\(lines.count { $0 == "\n" })A\u{1B}[J"))
  }
}
