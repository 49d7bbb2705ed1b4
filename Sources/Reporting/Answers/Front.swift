import Foundation

/// A model's Pareto front of accuracy against FLOPs, as a line.
///
/// Between two of its networks accuracy is taken to be linear in the logarithm of the FLOPs.
struct Front {
  /// Its networks by rising FLOPs.
  let points: [GridPoint]

  /// The front of a model's finished networks.
  init(_ points: [GridPoint]) {
    let finished = points.filter { $0.isFinished && $0.accuracy != nil }
    self.points = ParetoFront.indices(
      finished.map { (Double($0.cell.flops), $0.accuracy?.mean ?? 0) }
    ).map { finished[$0] }
  }

  /// The FLOPs that it covers; nil with fewer than two networks.
  var range: ClosedRange<Double>? {
    guard points.count > 1, let low = points.first, let high = points.last else { return nil }
    return Double(low.cell.flops)...Double(high.cell.flops)
  }

  /// How much each of its networks counts at that many FLOPs, within its range; the weights sum to
  /// 1.
  func weights(at flops: Double) -> [Double] {
    var weights = [Double](repeating: 0, count: points.count)
    let upper = points.firstIndex { Double($0.cell.flops) >= flops } ?? points.count - 1
    guard upper > 0 else {
      weights[0] = 1
      return weights
    }
    let low = log(Double(points[upper - 1].cell.flops))
    let high = log(Double(points[upper].cell.flops))
    let fraction = max(0, min(1, (log(flops) - low) / (high - low)))
    weights[upper - 1] = 1 - fraction
    weights[upper] = fraction
    return weights
  }

  /// The accuracy that networks weighted so have: of one seed, or the mean over the seeds.
  func accuracy(_ weights: [Double], seed: Int? = nil) -> Double? {
    var sum = 0.0
    for (point, weight) in zip(points, weights) where weight > 0 {
      let value =
        seed == nil
        ? point.accuracy?.mean : point.rows.first { $0.cell.seed == seed }?.valAccuracy
      guard let value else { return nil }
      sum += weight * value
    }
    return sum
  }

  /// By validation image how far networks weighted so classify it rightly, 0 to 1; nil without
  /// predictions.
  func rightness(_ weights: [Double], _ evidence: Evidence) -> [Double]? {
    var sums: [Double]?
    for (point, weight) in zip(points, weights) where weight > 0 {
      for row in point.rows {
        guard let outcome = evidence.outcomes[row.cell.id] else { return nil }
        var values = sums ?? [Double](repeating: 0, count: outcome.isRight.count)
        guard values.count == outcome.isRight.count else { return nil }
        for (image, isRight) in outcome.isRight.enumerated() where isRight {
          values[image] += weight / Double(point.rows.count)
        }
        sums = values
      }
    }
    return sums
  }
}
