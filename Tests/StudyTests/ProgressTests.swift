import Common
import Foundation
import Results
import Synchronization
import Testing

@testable import Reporting
@testable import Study

@Suite struct ProgressTests {
  /// Two cells, the second ten times as costly as the first, at 100 seconds.
  private func progress() -> SweepProgress {
    var progress = SweepProgress(epochs: 4, began: 0)
    progress.begin(
      [
        SweepProgress.Row(id: "mobilenet_v2-w0.35-r96-s0", steps: 10, epochCost: 1),
        SweepProgress.Row(id: "mobilenet_v1-w1.0-r224-s0", steps: 10, epochCost: 10),
      ], at: 0)
    progress.now = 100
    return progress
  }

  @Test("The time left weighs each cell by its cost")
  func timeLeft() throws {
    var progress = progress()
    #expect(progress.secondsLeft == nil)
    progress.rows[0].completed = 4
    progress.rows[0].status = .done
    // 4 of 44 are done in 100 s.
    #expect(progress.secondsLeft == 1000)
    #expect(abs(progress.fraction - 4.0 / 44) < 1e-12)
    progress.rows[1].completed = 1
    progress.rows[1].step = 5
    #expect(try abs(#require(progress.secondsLeft) - 25 * 100 / 19) < 1e-9)
  }

  @Test("What was done before counts as done, not as speed")
  func resumed() {
    var progress = SweepProgress(epochs: 4, began: 0)
    var row = SweepProgress.Row(id: "a", steps: 10, epochCost: 1)
    row.completed = 2
    progress.begin([row], at: 50)
    progress.now = 60
    #expect(progress.secondsLeft == nil)
    #expect(progress.fraction == 0.5)
    progress.rows[0].completed = 3
    #expect(progress.secondsLeft == 10)
  }

  @Test("A cell that failed takes no more time")
  func failed() {
    var progress = progress()
    progress.rows[0].completed = 1
    progress.rows[1].status = .failed
    #expect(progress.secondsLeft == 300)
  }

  @Test("Percentages do not contradict the counts")
  func percentages() {
    var progress = progress()
    // The last step is done, but the network could not be saved.
    progress.rows[0].status = .running
    progress.rows[0].completed = 4
    progress.rows[1].status = .failed
    #expect(ProgressTable.summary(progress) == "0 of 2 cells done, 1 failed, 99 %")
    #expect(ProgressTable().draw(progress).contains("  4/4  100 %  "))
    progress.rows[0].status = .failed
    #expect(ProgressTable.summary(progress) == "0 of 2 cells done, 2 failed")
    // What failed is not progress.
    progress.rows[0].status = .pending
    progress.rows[0].completed = 0
    #expect(ProgressTable.summary(progress) == "0 of 2 cells done, 1 failed, 0 %")
    progress.rows = [progress.rows[0]]
    progress.rows[0].status = .done
    progress.rows[0].completed = 2
    #expect(ProgressTable.summary(progress) == "1 of 1 cells done, 100 %")
  }

  @Test("No line is wider than the terminal, and no more of them than it has", arguments: [20, 80])
  func fits(columns: Int) {
    var progress = SweepProgress(epochs: 4, began: 0)
    let rows = (0..<40).map { index in
      var row = SweepProgress.Row(id: "mobilenet_v2-w0.35-r\(index)-s0", steps: 1, epochCost: 1)
      row.status = .running
      return row
    }
    progress.begin(rows, at: 0)
    let lines = ProgressTable(columns: columns, lines: 24).draw(progress).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < columns })
    #expect(lines.count < 24)
    #expect(lines.contains { $0.hasPrefix("… and 21 more") })
  }

  @Test("A narrow terminal drops columns and shortens ids, and cuts no number", arguments: 12...90)
  func narrow(columns: Int) {
    var progress = SweepProgress(epochs: 10, began: 0)
    var row = SweepProgress.Row(id: "c_mobilenet_v2-w0.75-r64-s0", steps: 10, epochCost: 1)
    row.status = .running
    (row.trainLoss, row.valLoss) = (1.234, 2.345)
    (row.trainAccuracy, row.valAccuracy, row.imagesPerSecond) = (0.5, 0.41, 1175)
    progress.begin([row], at: 0)
    let lines = ProgressTable(columns: columns).draw(progress).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < columns })
    let words = lines[2].split(separator: " ")
    let whole: Set<Substring> = ["1/10", "0", "%", "1.234", "2.345", "50.0", "41.0", "1175"]
    #expect(words.dropFirst(1).allSatisfy(whole.contains), "\(lines[2])")
    #expect(words.contains("1/10"))
    if columns == 80 {
      #expect(lines[2].hasPrefix("c_mobilenet_v2-w0.75-r64-s0") && words.last == "1175")
    }
  }

  @Test("After a resume the table shows what is known")
  func resumedFigures() throws {
    let workshop = try Workshop()
    try workshop.run(Workshop.file(epochs: 1))
    final class First: RunObserver {
      var rows: [SweepProgress.Row]?
      func handle(_ event: RunEvent, _ progress: SweepProgress) {
        if case .started = event, rows == nil { rows = progress.rows }
      }
    }
    let first = First()
    try workshop.run(Workshop.file(epochs: 2), observer: first)
    let rows = try #require(first.rows)
    #expect(rows.allSatisfy { $0.valAccuracy != nil && $0.valLoss != nil && $0.trainLoss != nil })
  }

  @Test("Without a terminal there is a line an epoch, and one for what went wrong")
  func plain() throws {
    let texts = Mutex<[String]>([])
    let workshop = try Workshop()
    workshop.engine.onStep = { cell, step in
      cell == "mobilenet_v1-w0.1-r64-s0" && step == 4 ? .nan : nil
    }
    let printer = ProgressPrinter(.plain) { text in texts.withLock { $0.append(text) } }
    #expect(throws: SweepError.self) { try workshop.run(observer: printer) }
    printer.end()
    let text = texts.withLock { $0.joined() }
    let lines = text.split(separator: "\n")
    #expect(lines.count == 8 + 1 + 1)
    #expect(lines[0].hasPrefix("mobilenet_v1-w0.1-r64-s0: epoch 1/2, loss "))
    #expect(lines.contains { $0.hasPrefix("mobilenet_v1-w0.1-r64-s0: diverged: the loss became") })
    #expect(lines.last == "3 of 4 cells done, 1 diverged")
    #expect(!text.contains("\u{1B}"))
  }
}
