import Common
import Results

/// The forms for people.
extension Report {
  /// The grid of each model: validation accuracy after the last epoch and MACs for one image, width
  /// by resolution.
  ///
  /// Several seeds are shown by their mean and standard deviation. `~` marks a cell that is not
  /// finished.
  public func text(paint: Paint) -> String {
    let counts = StatusCounts(rows.map(\.status))
    var text = paint(experiment, .bold) + ", \(counts.text)\n"
    var blocks: [(key: BlockKey, rows: [ResultRow])] = []
    for row in rows {
      let key = BlockKey(model: row.cell.model, axes: row.cell.axes)
      if let index = blocks.firstIndex(where: { $0.key == key }) {
        blocks[index].rows.append(row)
      } else {
        blocks.append((key, [row]))
      }
    }
    let accuracies = rows.compactMap(\.valAccuracy)
    let scale = accuracies.min().flatMap { low in accuracies.max().map { low...$0 } }
    for block in blocks {
      text +=
        "\n"
        + GridTable(title: block.key.title, rows: block.rows, scale: scale).text(paint: paint)
    }
    if !rows.isEmpty {
      text += "\nvalidation accuracy after the last epoch; below it, MACs for one image\n"
    }
    if rows.contains(where: { $0.isUnfinished && $0.valAccuracy != nil }) {
      text += "~ not finished\n"
    }
    return text
  }

  /// One line an epoch.
  public func historyText(paint: Paint) -> String {
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
          GridTable.percent(record.trainAccuracy),
          record.valLoss.map { Format.fixed($0, decimals: 4) } ?? "",
          record.valAccuracy.map(GridTable.percent) ?? "", "\(record.learningRate)",
          Format.fixed(record.trainSeconds + (record.valSeconds ?? 0), decimals: 1),
        ])
      }
    }
    return table.text
  }
}

/// What one grid of the report shares: a model and the values of the further axes.
private struct BlockKey: Equatable {
  var model: String
  var axes: [JSON.Member]

  var title: String {
    ([model] + axes.map { "\($0.name) \($0.value.text)" }).joined(separator: ", ")
  }
}

extension ResultRow {
  /// Whether epochs are still to come.
  var isUnfinished: Bool { status != .done && status != .diverged && status != .failed }
}
