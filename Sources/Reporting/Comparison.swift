import Common
import Results

/// Two experiments side by side, cell by cell.
package struct Comparison: Sendable {
  private let left, right: Evidence
  private let pairs: [Pair]

  /// What both experiments have of a cell; one of them may lack it.
  private struct Pair: Sendable {
    let id: String
    let left, right: ResultRow?
    let test: McNemar?

    var difference: Double? {
      left?.valAccuracy.flatMap { ours in right?.valAccuracy.map { ours - $0 } }
    }
  }

  /// The cells of both, in the order of `left`; those of `right` alone last.
  package init(_ left: Evidence, against right: Evidence) {
    self.left = left
    self.right = right
    let theirs = Dictionary(
      right.report.rows.map { ($0.cell.id, $0) }, uniquingKeysWith: { first, _ in first })
    let ours = Set(left.report.rows.map(\.cell.id))
    pairs =
      left.report.rows.map { row in
        Pair(
          id: row.cell.id, left: row, right: theirs[row.cell.id],
          test: Self.test(row.cell.id, left, right))
      }
      + right.report.rows.filter { !ours.contains($0.cell.id) }.map {
        Pair(id: $0.cell.id, left: nil, right: $0, test: nil)
      }
  }

  private static func test(_ id: String, _ left: Evidence, _ right: Evidence) -> McNemar? {
    guard let ours = left.outcomes[id], let theirs = right.outcomes[id],
      ours.dataFingerprint == theirs.dataFingerprint
    else { return nil }
    let both = zip(ours.isRight, theirs.isRight)
    return McNemar(
      onlyFirst: both.count { $0 && !$1 }, onlySecond: both.count { $1 && !$0 })
  }

  /// Adjusted probabilities of the pairs that could be tested, by index.
  private var probabilities: [Int: Double] {
    let tested = pairs.indices.filter { pairs[$0].test != nil }
    let adjusted = Holm.adjusted(tested.compactMap { pairs[$0].test?.pValue })
    return Dictionary(uniqueKeysWithValues: zip(tested, adjusted))
  }

  /// A table for a terminal and the mean difference.
  package func text(paint: Paint) -> String {
    let probabilities = probabilities
    var table = TextTable([
      ("cell", .left), (left.experiment, .right), (right.experiment, .right),
      ("difference", .right),
      ("p (Holm)", .right), ("seconds", .right), ("seconds", .right),
    ])
    for (index, pair) in pairs.enumerated() {
      let probability = probabilities[index]
      let difference = pair.difference.map(Answer.points) ?? ""
      let isFound = probability ?? 1 < PairedAnswer.level
      let style: Paint.Style = pair.difference ?? 0 < 0 ? .red : .green
      table.add([
        pair.id, Self.accuracy(pair.left), Self.accuracy(pair.right),
        isFound ? paint(difference, style) : difference,
        probability.map(Answer.probability) ?? "", Self.seconds(pair.left),
        Self.seconds(pair.right),
      ])
    }
    let differences = pairs.compactMap(\.difference)
    var text = table.text
    if differences.isEmpty {
      text += "\nno cell has a validation accuracy in both\n"
    } else {
      let mean = Answer.points(PairedAnswer.mean(differences))
      let cells = Format.count(differences.count, "cell")
      text +=
        "\n\(paint(left.experiment, .bold)) against \(paint(right.experiment, .bold)): "
        + "\(mean) points on average over \(cells)\n"
      if probabilities.isEmpty {
        text += "no test: the two have no predictions for the same validation images\n"
      }
    }
    return text
  }

  package var csv: String {
    let probabilities = probabilities
    return CSV.text(
      header: [
        "cell", "val_accuracy", "against_val_accuracy", "difference", "p_holm", "train_accuracy",
        "against_train_accuracy", "seconds", "against_seconds",
      ],
      rows: pairs.enumerated().map { index, pair in
        [
          .string(pair.id), .number(pair.left?.valAccuracy), .number(pair.right?.valAccuracy),
          .number(pair.difference), .number(probabilities[index]),
          .number(pair.left?.trainAccuracy), .number(pair.right?.trainAccuracy),
          .number(pair.left?.seconds), .number(pair.right?.seconds),
        ]
      })
  }

  private static func accuracy(_ row: ResultRow?) -> String {
    guard let row else { return "–" }
    guard let accuracy = row.valAccuracy else { return row.status.rawValue }
    return (row.isUnfinished ? "~" : "") + Format.percent(accuracy)
  }

  private static func seconds(_ row: ResultRow?) -> String {
    row?.seconds.map { Format.fixed($0, decimals: 0) } ?? ""
  }
}
