import Common
import Results
import Testing

@testable import Reporting

@Suite struct TextTests {
  let scratch: Scratch
  let plain = Paint(isOn: false)

  init() throws { scratch = try Scratch() }

  @Test func reportShowsAGridAModel() throws {
    try scratch.fillWithEveryStatus()
    let text = try Report(of: nil, in: scratch.store).text(paint: plain)
    #expect(
      text == """
        animals10, 8 cells: 2 done, 2 running, 1 interrupted, 1 diverged, 1 failed, 1 pending

        mobilenet_v1
        width     params    224 px   96 px
        ──────────────────────────────────
          1.0  2,236,682    62.5 %  50.0 %
                            22.4 M   9.6 M
         0.35    410,471  diverged  failed
                            22.4 M   9.6 M

        mobilenet_v2
        width     params   224 px    96 px
        ──────────────────────────────────
          1.0  2,236,682  ~30.0 %  ~12.5 %
                           22.4 M    9.6 M
         0.35    410,471  running        ·
                           22.4 M    9.6 M

        validation accuracy after the last epoch; below it, MACs for one image
        ~ not finished

        """)
  }

  @Test func severalSeedsAreShownByMeanAndDeviation() throws {
    try scratch.fill(seeds: [0, 1, 2])
    for (seed, accuracy) in [(0, 0.5), (1, 0.6), (2, 0.7)] {
      try scratch.train("mobilenet_v1-w1.0-r224-s\(seed)", accuracies: [accuracy], .done)
    }
    try scratch.train("mobilenet_v1-w1.0-r96-s0", accuracies: [0.25], .done)
    let text = try Report(of: nil, in: scratch.store).text(paint: plain)
    #expect(text.contains("60.0 ± 10.0 %"))
    #expect(text.contains("~25.0 %"))
  }

  @Test func furtherAxesHaveGridsOfTheirOwn() throws {
    try scratch.fill(axes: [
      [.init("optimizer.lr", .number(0.1))], [.init("optimizer.lr", .number(0.2))],
    ])
    let text = try Report(of: nil, in: scratch.store).text(paint: plain)
    #expect(text.contains("\nmobilenet_v2, optimizer.lr 0.2\n"))
  }

  @Test func colorsChangeNoColumn() throws {
    try scratch.fillWithEveryStatus()
    let report = try Report(of: nil, in: scratch.store)
    let painted = report.text(paint: Paint(isOn: true))
    #expect(painted.contains("\u{1B}[1m\u{1B}[38;5;221m62.5 %"))
    #expect(painted.contains("\u{1B}[38;5;33m50.0 %"))
    #expect(painted.contains("\u{1B}[2m~30.0 %"))
    #expect(painted.contains("\u{1B}[31mdiverged"))
    #expect(painted.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == report.text(paint: plain))
  }

  @Test func historyIsATableForPeople() throws {
    try scratch.fill()
    try scratch.train("mobilenet_v1-w1.0-r224-s0", accuracies: [0.5], loss: .nan, .done)
    let text = try Report(of: nil, in: scratch.store, history: true).historyText(paint: plain)
    #expect(
      text == """
        cell                       epoch  train loss  accuracy  val loss  accuracy  learning rate  seconds
        ──────────────────────────────────────────────────────────────────────────────────────────────────
        mobilenet_v1-w1.0-r224-s0      1         nan    56.3 %    2.0000    50.0 %          0.001      8.5

        """)
  }

  @Test func statusTellsWhatRunsAndWhyOthersStopped() throws {
    try scratch.fillWithEveryStatus()
    let reports = try StatusReport.all(in: scratch.store, experiment: nil)
    let text = reports.map { report in
      report.text(paint: plain) { $0.lastRun?.processID == 7 ? nil : "its process is gone" }
    }.joined().replacing(#/since [-T0-9:]{16} UTC/#, with: "since … UTC")
    #expect(
      text == """
        animals10, 8 cells: 2 done, 1 running, 1 stopped, 1 interrupted, 1 diverged, 1 failed, 1 pending
        best: mobilenet_v1-w1.0-r224-s0, 62.5 %; about 1 min 8 s of training left

        status       cell                        epochs
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────
        running      mobilenet_v2-w1.0-r224-s0      2/3  on box since … UTC
        stopped      mobilenet_v2-w0.35-r224-s0     0/3  its process is gone; run the experiment again to continue
        interrupted  mobilenet_v2-w1.0-r96-s0       1/3
        diverged     mobilenet_v1-w0.35-r224-s0     1/3  loss is NaN
        failed       mobilenet_v1-w0.35-r96-s0      0/3  a.jpeg: is gone

        """)
  }

  @Test func statusCoversAllExperimentsOrTheOneNamed() throws {
    try scratch.fill("one")
    try scratch.fill("two")
    #expect(
      try StatusReport.all(in: scratch.store, experiment: nil).map(\.experiment) == ["one", "two"])
    #expect(try StatusReport.all(in: scratch.store, experiment: "two").map(\.experiment) == ["two"])
    #expect(failure { _ = try StatusReport.all(in: scratch.store, experiment: "three") } != nil)
    let text = try StatusReport.all(in: scratch.store, experiment: "two")
      .map { $0.text(paint: plain) { _ in nil } }.joined()
    #expect(text == "two, 8 cells: 8 pending\n")
  }
}
