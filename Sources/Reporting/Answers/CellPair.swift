import Common
import Results

/// Two cells that differ only in the model, trained on the same images in the same order.
struct CellPair {
  let first, second: ResultRow
  /// For each validation image 1 if only the first is right, −1 if only the second is, else 0; nil
  /// without predictions.
  let differences: [Double]?
  let balancedDifference: Double?

  let difference: Double
  let trainDifference: Double?

  var test: McNemar? {
    differences.map { differences in
      McNemar(
        onlyFirst: differences.count { $0 > 0 }, onlySecond: differences.count { $0 < 0 })
    }
  }

  /// The pairs of done cells of two models at equal width, resolution, seed and further axes.
  static func all(_ evidence: Evidence, first: String, second: String) -> [CellPair] {
    let done = evidence.report.rows.filter { $0.status == .done }
    let others = Dictionary(
      done.filter { $0.cell.model == second }.map { (Place($0.cell), $0) },
      uniquingKeysWith: { first, _ in first })
    return done.filter { $0.cell.model == first }.compactMap { one in
      others[Place(one.cell)].flatMap { CellPair(one, $0, evidence) }
    }
  }

  private struct Place: Hashable {
    let width: Double
    let resolution, seed: Int
    let axes: String

    init(_ cell: CellDescription) {
      width = cell.width
      resolution = cell.resolution
      seed = cell.seed
      axes = JSON.object(cell.axes).text
    }
  }

  private init?(_ first: ResultRow, _ second: ResultRow, _ evidence: Evidence) {
    guard let ours = first.valAccuracy, let theirs = second.valAccuracy else { return nil }
    self.first = first
    self.second = second
    difference = ours - theirs
    trainDifference = first.trainAccuracy.flatMap { ours in
      second.trainAccuracy.map { ours - $0 }
    }
    guard let left = evidence.outcomes[first.cell.id],
      let right = evidence.outcomes[second.cell.id],
      left.dataFingerprint == right.dataFingerprint
    else {
      differences = nil
      balancedDifference = nil
      return
    }
    differences = zip(left.isRight, right.isRight).map { ($0 ? 1 : 0) - ($1 ? 1 : 0) }
    balancedDifference = left.balancedAccuracy.flatMap { ours in
      right.balancedAccuracy.map { ours - $0 }
    }
  }
}
