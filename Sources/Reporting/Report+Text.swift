import Common
import Results

/// The formats for a terminal.
extension Report {
  /// One grid per model, width by resolution: validation accuracy after the last epoch, and MACs
  /// per image.
  ///
  /// Several seeds are shown as mean and standard deviation. `~` marks unfinished cells.
  package func text(paint: Paint) -> String {
    let report = plausible
    let counts = StatusCounts(rows.map(\.status))
    var text = paint(experiment, .bold) + ", \(counts.text)\n"
    let titles = Series.distinct(rows.map { Series.name(of: $0.cell) })
    let blocks = Dictionary(grouping: report.rows) { Series.name(of: $0.cell) }
    let accuracies = report.rows.filter { $0.status == .done }.compactMap(\.valAccuracy)
    let scale = (accuracies.min() ?? 0)...(accuracies.max() ?? 1)
    for title in titles {
      let table = GridTable(title: title, rows: blocks[title] ?? [], scale: scale)
      text += "\n" + table.text(paint: paint)
    }
    if !rows.isEmpty {
      text += "\nvalidation accuracy after the last epoch; below it, MACs for one image\n"
    }
    if report.rows.contains(where: { $0.isUnfinished && $0.valAccuracy != nil }) {
      text += "~ not finished\n"
    }
    text += report.testText
    return text
  }

  /// The test accuracy of each model's cell with the best validation accuracy; empty without tests.
  private var testText: String {
    guard rows.contains(where: { $0.testAccuracy != nil }) else { return "" }
    var table = TextTable([
      ("best by validation", .left), ("validation", .right), ("test", .right),
    ])
    for title in Series.distinct(rows.map { Series.name(of: $0.cell) }) {
      let cells = rows.filter { Series.name(of: $0.cell) == title && $0.status == .done }
      let best = cells.max { ($0.valAccuracy ?? -1) < ($1.valAccuracy ?? -1) }
      guard let best, let accuracy = best.valAccuracy else { continue }
      table.add([
        best.cell.id, Format.percent(accuracy), best.testAccuracy.map(Format.percent) ?? "–",
      ])
    }
    return "\n" + table.text
      + "the validation images chose these cells, so their validation accuracy is optimistic\n"
  }

  package func historyText(paint: Paint) -> String {
    var table = TextTable([
      ("cell", .left), ("epoch", .right), ("train loss", .right), ("accuracy", .right),
      ("val loss", .right), ("accuracy", .right), ("learning rate", .right), ("seconds", .right),
    ])
    for row in rows {
      for record in history?[row.cell.id] ?? [] {
        let loss = Format.fixed(record.trainLoss, decimals: 4)
        table.add([
          row.cell.id, String(record.epoch),
          record.trainLoss.isFinite ? loss : paint(loss, .red),
          Format.percent(record.trainAccuracy),
          record.valLoss.map { Format.fixed($0, decimals: 4) } ?? "",
          record.valAccuracy.map(Format.percent) ?? "", "\(record.learningRate)",
          Format.fixed(record.trainSeconds + (record.valSeconds ?? 0), decimals: 1),
        ])
      }
    }
    return table.text
  }
}

extension ResultRow {
  var isUnfinished: Bool { status != .done && status != .diverged && status != .failed }
}
