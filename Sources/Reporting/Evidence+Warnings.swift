import Common
import Foundation
import Results

/// A cell that is done but was not trained well.
package struct CellWarning: Sendable, Equatable {
  package let cell: String
  package let reason: String
}

extension Evidence {
  /// A loss this many times that of guessing counts as exploded.
  private static let explosion = 10.0

  /// The completed cells whose loss exploded, whose predictions are constant, or whose validation
  /// accuracy is at chance although they learned the training images.
  package var warnings: [CellWarning] {
    report.rows.filter { $0.status == .done }.compactMap { row in
      reason(row).map { CellWarning(cell: row.cell.id, reason: $0) }
    }
  }

  private func reason(_ row: ResultRow) -> String? {
    // Without validation images the number of classes is unknown; few data sets have more than
    // this.
    let guessing = log(Double(max(2, validation?.classes.count ?? 1000)))
    if let loss = row.trainLoss, !(loss < Self.explosion * guessing) {
      return "the training loss is \(Format.significant(loss)); guessing gives "
        + Format.significant(guessing)
    }
    let only = outcomes[row.cell.id]?.onlyClass.map {
      "every validation image is classified as \($0)"
    }
    guard let validation, let chance = Self.chance(validation), let accuracy = row.valAccuracy,
      let trained = row.trainAccuracy, trained >= chance + (1 - chance) / 5
    else { return only }
    let deviation = (chance * (1 - chance) / Double(validation.labels.count)).squareRoot()
    let isAtChance =
      accuracy <= chance + 2 * deviation && trained >= accuracy + (1 - chance) / 5
    guard only != nil || isAtChance else { return nil }
    return (only ?? "validation accuracy is only \(Format.percent(accuracy))")
      + ", but training accuracy is \(Format.percent(trained)): "
      + "the running statistics of batch normalization may lag"
  }

  /// The accuracy of always naming the largest class.
  private static func chance(_ set: ValidationSet) -> Double? {
    let largest = Dictionary(grouping: set.labels) { $0 }.values.map(\.count).max()
    return largest.map { Double($0) / Double(set.labels.count) }
  }

  package func warningText(paint: Paint) -> String {
    guard !warnings.isEmpty else { return "" }
    var table = TextTable([("done, but not trained well", .left), ("", .left)])
    for warning in warnings { table.add([paint(warning.cell, .yellow), warning.reason]) }
    return table.text
  }
}
