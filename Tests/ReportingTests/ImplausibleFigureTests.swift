import Common
import Foundation
import GRDB
import Results
import Testing

@testable import Reporting

/// Whatever numbers a store holds, what reports on it draws the rest and stops nothing.
@Suite struct ImplausibleFigureTests {
  private static let columns = [
    ("cells", "width"), ("cells", "resolution"), ("cells", "seed"), ("cells", "params"),
    ("cells", "macs"), ("cells", "flops"), ("cells", "thop_macs"), ("cells", "activation_bytes"),
    ("cells", "planned_epochs"), ("runs", "latency_seconds"), ("runs", "threads"),
    ("epochs", "epoch"), ("epochs", "train_loss"), ("epochs", "train_accuracy"),
    ("epochs", "val_loss"), ("epochs", "val_accuracy"), ("epochs", "learning_rate"),
    ("epochs", "train_seconds"), ("epochs", "val_seconds"), ("epochs", "images_per_second"),
  ]
  private static let values = [
    "0", "-1", "NULL", "9e999", "-1e308", "1e308", "1e-320", "9223372036854775807",
    "-9223372036854775808",
  ]

  @Test(arguments: columns.map { "\($0.0).\($0.1)" })
  func everyReportSurvivesAnyStoredNumber(column: String) throws {
    let parts = column.split(separator: ".")
    let scratch = try Scratch()
    try PlausibleStudy(
      models: ["mobilenet_v1", "mobilenet_v2"], widths: [1, 0.5], resolutions: [224, 96],
      seeds: [0, 1], images: 8,
      epochs: 2
    ).fill(scratch.store)
    let queue = try DatabaseQueue(path: scratch.path)
    for (index, value) in Self.values.enumerated() {
      // Some networks, then all.
      for condition in index < 2
        ? ["rowid % 5 = 1", "1"] : index % 2 == 0 ? ["1"] : ["rowid % 5 = 1"]
      {
        try? queue.write { db in
          try db.execute(sql: "DROP TABLE IF EXISTS kept")
          try db.execute(sql: "CREATE TEMP TABLE kept AS SELECT rowid AS r, * FROM \(parts[0])")
          try db.execute(
            sql: "UPDATE OR IGNORE \(parts[0]) SET \(parts[1]) = \(value) WHERE \(condition)")
        }
        draw(scratch.store)
        try? queue.write { db in
          try db.execute(
            sql: """
              UPDATE OR IGNORE \(parts[0]) SET \(parts[1]) =
                (SELECT \(parts[1]) FROM kept WHERE r = \(parts[0]).rowid)
              """)
        }
      }
    }
  }

  /// Makes every report; a number that cannot be read is an error, and that is all it may be.
  private func draw(_ store: Store) {
    let paint = Paint(isOn: true)
    do {
      let evidence = try Evidence(of: nil, in: store)
      let page = Page(evidence)
      for figure in page.figures {
        #expect(!figure.svg.contains("\"nan") && !figure.svg.contains("\"inf"), "\(figure.id)")
      }
      let texts = [
        page.html, evidence.markdown, evidence.latex, evidence.report.text(paint: paint),
        Answer.text(page.answers, paint: paint, columns: 80), evidence.warningText(paint: paint),
        Comparison(evidence, against: evidence).text(paint: paint),
        try Report(of: nil, in: store, history: true).text(paint: paint),
        try Report(of: nil, in: store, history: true).historyText(paint: paint),
        try Report(of: nil, in: store, history: true).csv,
        try Report(of: nil, in: store, history: true).json.text,
        try StatusReport.all(in: store, experiment: nil)[0].text(paint: paint) { _ in nil },
      ]
      #expect(texts.dropLast().allSatisfy { !$0.isEmpty } || evidence.warnings.isEmpty)
      for row in evidence.report.rows {
        _ = TensorBoardExport.file(row, evidence.report.history?[row.cell.id] ?? [])
      }
    } catch {
      // One line for the user.
    }
  }

  @Test func whatCannotBeShownIsLeftOut() throws {
    let axis = try #require(
      ChartAxis(
        "", values: [0, -1, .nan, .infinity, 1e308, 10, 100], from: 0, to: 1, isLogarithmic: true))
    #expect([0, -1, .nan, .infinity, 1e308].allSatisfy { axis.position($0) == nil })
    #expect(axis.position(10).map { $0 > 0 && $0 < 0.5 } == true)
    #expect(axis.ticks.map(\.value).contains(20))
    #expect(ChartAxis("", values: [0, -1, .nan], from: 0, to: 1, isLogarithmic: true) == nil)
    #expect(ChartAxis("", values: [.nan, .infinity], from: 0, to: 1) == nil)
    for values in [[0x1p-1060], [0, 0x1p-1060], [1, 1.0.nextUp], [-1e199, 1e199], [1e199], [0]] {
      let axis = try #require(ChartAxis("", values: values, from: 0, to: 1))
      #expect(values.allSatisfy { axis.position($0)?.isFinite == true })
      #expect(axis.ticks.count > 1 && axis.ticks.count < 20)
    }
  }
}
