import Common
import Results

/// The formats for scripts. Column names and order are fixed; further axes come last.
extension Report {
  private static let cellColumns = [
    "experiment", "cell", "model", "width", "resolution", "seed",
  ]

  static let columns =
    cellColumns + [
      "status", "params", "macs", "flops", "thop_macs",
      "epochs", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "best_val_accuracy",
      "best_epoch", "seconds", "images_per_second", "test_loss", "test_accuracy",
    ]

  static let epochColumns = [
    "epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds",
  ]

  /// A header and one line per cell: shortest round-trip numbers, NaN as `nan`, empty missing
  /// values.
  package var csv: String {
    let axes = axes
    return CSV.text(
      header: Self.columns + axes, rows: rows.map { values($0) + Self.values(axes, of: $0) })
  }

  /// A header and one line per epoch, in grid order; only the header if the history was not
  /// requested.
  package var historyCSV: String {
    let axes = axes
    let lines = rows.flatMap { row in
      let cell = cellValues(row)
      let further = Self.values(axes, of: row)
      return (history?[row.cell.id] ?? []).map { cell + Self.values($0) + further }
    }
    return CSV.text(header: Self.cellColumns + Self.epochColumns + axes, rows: lines)
  }

  /// One object per cell, with the CSV's columns as keys.
  ///
  /// If the history was requested, each has its epochs under `history`. JSON has no NaN, so such a
  /// loss is null.
  package var json: JSON {
    let axes = axes
    let cells = rows.map { row in
      var members = Self.members(
        Self.columns + axes, values(row) + Self.values(axes, of: row))
      if let history {
        let epochs = (history[row.cell.id] ?? []).map {
          JSON.object(Self.members(Self.epochColumns, Self.values($0)))
        }
        members.append(JSON.Member("history", .array(epochs)))
      }
      return JSON.object(members)
    }
    return .listing(
      "report", .init("experiment", .string(experiment)), .init("cells", .array(cells)))
  }

  private static func members(_ names: [String], _ values: [JSON]) -> [JSON.Member] {
    zip(names, values).map { JSON.Member($0, $1) }
  }

  private func cellValues(_ row: ResultRow) -> [JSON] {
    let cell = row.cell
    return [
      .string(experiment), .string(cell.id), .string(cell.model), .number(cell.width),
      .integer(cell.resolution), .integer(cell.seed),
    ]
  }

  private func values(_ row: ResultRow) -> [JSON] {
    let cell = row.cell
    return cellValues(row) + [
      .string(row.status.rawValue), .integer(cell.params), .integer(cell.macs),
      .integer(cell.flops), .integer(cell.thopMACs), .integer(row.epochs), .number(row.trainLoss),
      .number(row.trainAccuracy), .number(row.valLoss), .number(row.valAccuracy),
      .number(row.bestValAccuracy), .integer(row.bestEpoch), .number(row.seconds),
      .number(row.imagesPerSecond), .number(row.testLoss), .number(row.testAccuracy),
    ]
  }

  private static func values(_ record: EpochRecord) -> [JSON] {
    [
      .integer(record.epoch), .number(record.trainLoss), .number(record.trainAccuracy),
      .number(record.valLoss), .number(record.valAccuracy), .number(record.learningRate),
      .number(record.trainSeconds + (record.valSeconds ?? 0)),
    ]
  }

  private static func values(_ axes: [String], of row: ResultRow) -> [JSON] {
    axes.map { name in row.cell.axes.first { $0.name == name }?.value ?? .null }
  }
}
