import Foundation

/// A model's Pareto front of accuracy against a cost.
///
/// Accuracy between two networks is interpolated linearly in the logarithm of the cost.
struct Front {
  /// Its networks by increasing cost.
  let points: [GridPoint]
  /// Their costs, above 0.
  private let costs: [Double]
  /// The number of the model's completed networks.
  private let candidates: Int

  init(_ points: [GridPoint], _ cost: TradeOffFigure.Cost) {
    let finished = points.compactMap {
      point -> (point: GridPoint, cost: Double, accuracy: Double)? in
      guard point.isFinished, let cost = cost.amount(of: point), let accuracy = point.accuracy
      else { return nil }
      return (point, cost, accuracy.mean)
    }
    let front = ParetoFront.indices(finished.map { ($0.cost, $0.accuracy) }).map { finished[$0] }
    self.points = front.map(\.point)
    costs = front.map(\.cost)
    candidates = finished.count
  }

  /// The range of costs; nil with fewer than two networks.
  var range: ClosedRange<Double>? {
    guard costs.count > 1, let low = costs.first, let high = costs.last else { return nil }
    return low...high
  }

  /// The reason why there is no range; nil if there is one.
  func objection(_ model: String, _ unit: String) -> String? {
    if costs.count > 1 { return nil }
    switch candidates {
    case 0: return "no network of \(model) is done"
    case 1: return "one network of \(model) is done; a front needs two"
    default:
      return "the front of \(model) is one network: none with more \(unit) is more accurate"
    }
  }

  /// The weight of each network at a cost within the range; the weights sum to 1.
  func weights(at cost: Double) -> [Double] {
    var weights = [Double](repeating: 0, count: costs.count)
    let upper = costs.firstIndex { $0 >= cost } ?? costs.count - 1
    guard upper > 0 else {
      weights[0] = 1
      return weights
    }
    let (low, high) = (log(costs[upper - 1]), log(costs[upper]))
    let fraction = high > low ? max(0, min(1, (log(cost) - low) / (high - low))) : 1
    weights[upper - 1] = 1 - fraction
    weights[upper] = fraction
    return weights
  }

  /// The weighted accuracy for one seed, or the mean over the seeds.
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

  /// For each validation image the weighted fraction of networks that classify it correctly, 0 to
  /// 1; nil without predictions.
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
