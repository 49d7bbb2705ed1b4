import Common
import Foundation
import Results

/// Whether one model is more accurate than another at equal cost, along their Pareto fronts.
struct FrontAnswer {
  let claim: Claim
  let cost: TradeOffFigure.Cost
  let evidence: Evidence

  /// The number of points at which the fronts are compared, evenly spaced in the logarithm of the
  /// cost.
  private static let places = 101

  var answer: Answer {
    let ours = evidence.series.filter { $0.cell?.model == claim.model }
    let pairs = ours.compactMap { one in
      evidence.series.first { $0.cell?.model == claim.than && $0.cell?.axes == one.cell?.axes }
        .map { (series: one, first: Front(one.points, cost), second: Front($0.points, cost)) }
    }
    guard !pairs.isEmpty else {
      return Answer(claim, .notEnoughData, "the grid does not have both models")
    }
    // With several values of further axes, use the first for which both models have a front.
    let pair = pairs.first { $0.first.range != nil && $0.second.range != nil } ?? pairs[0]
    guard let (wide, narrow) = pair.first.range.flatMap({ a in pair.second.range.map { (a, $0) } })
    else {
      let reasons = [
        pair.first.objection(claim.model, unit), pair.second.objection(claim.than, unit),
      ]
      return Answer(
        claim, .notEnoughData, reasons.compactMap(\.self).joined(separator: "; "))
    }
    let low = max(wide.lowerBound, narrow.lowerBound)
    let high = min(wide.upperBound, narrow.upperBound)
    guard low < high else {
      return Answer(
        claim, .notEnoughData, "the models' fronts have no \(unit) in common",
        evidence: [
          "The front of \(claim.model) covers \(Self.range(wide)) \(unit), that of \(claim.than) "
            + "\(Self.range(narrow)). Widths or resolutions in between would make them overlap."
        ])
    }
    return compare(pair.first, pair.second, low...high, at: pair.series)
  }

  private var unit: String { cost == .parameters ? "parameters" : "FLOPs" }

  private func compare(
    _ first: Front, _ second: Front, _ range: ClosedRange<Double>, at series: Series
  ) -> Answer {
    let span = log(range.upperBound / range.lowerBound)
    let costs = (0..<Self.places).map { place in
      range.lowerBound * exp(span * Double(place) / Double(Self.places - 1))
    }
    let weights = costs.map { (first: first.weights(at: $0), second: second.weights(at: $0)) }
    let differences = weights.map {
      (first.accuracy($0.first) ?? 0) - (second.accuracy($0.second) ?? 0)
    }
    let mean = PairedAnswer.mean(differences)
    let ahead = Double(differences.count { $0 > 0 }) / Double(differences.count)
    let average = (
      first: Self.average(weights.map(\.first)), second: Self.average(weights.map(\.second))
    )
    // The whole range, then some places in it.
    let shown = [0, 25, 50, 75, 100]
    let columns = ([average] + shown.map { weights[$0] }).compactMap { weights in
      first.rightness(weights.first, evidence).flatMap { ours in
        second.rightness(weights.second, evidence).flatMap { theirs in
          ours.count == theirs.count ? zip(ours, theirs).map { $0 - $1 } : nil
        }
      }
    }
    let intervals = columns.count == shown.count + 1 ? PairedBootstrap.intervals(columns) : []
    let seeds = seedSummary(first, second, average)
    let table = Answer.Table(
      header: [unit, claim.model, claim.than, "difference", "95 % interval"],
      rows: shown.enumerated().map { row, place in
        [
          Format.compact(costs[place]),
          first.accuracy(weights[place].first).map(Format.percent) ?? "",
          second.accuracy(weights[place].second).map(Format.percent) ?? "",
          Answer.points(differences[place]),
          intervals.isEmpty ? "" : Answer.points(intervals[row + 1]),
        ]
      })
    let interval = intervals.first.map { " (95 %: \(Answer.points($0)))" } ?? ""
    var sentences = [
      "Both fronts cover \(Self.range(range)) \(unit). There \(claim.model) differs from \(claim.than) by "
        + "\(Answer.points(mean)) points\(interval) on average and is ahead on "
        + "\(Format.fixed(100 * ahead, decimals: 0)) % of the range.",
      "Between networks of a front, accuracy is interpolated linearly in the logarithm of the \(unit). The interval "
        + "comes from the paired bootstrap over the validation images, with the fronts' networks fixed.",
    ]
    if let axes = series.cell?.axes, !axes.isEmpty {
      sentences.append("The networks compared are those of \(series.name).")
    }
    if let seeds, let interval = seeds.interval {
      sentences.append(
        "Over \(seeds.count) seeds Student's 95 % interval is \(Answer.points(interval)) points.")
    }
    if intervals.isEmpty {
      sentences.append("The store has no validation predictions to compute an interval from.")
    }
    return Answer(
      claim, Answer.verdict(images: intervals.first, seeds: seeds?.interval),
      "\(claim.model) \(Answer.points(mean)) points\(interval) from \(Self.range(range)) \(unit)",
      evidence: sentences, table: table)
  }

  private func seedSummary(
    _ first: Front, _ second: Front, _ weights: (first: [Double], second: [Double])
  ) -> SampleSummary? {
    let seeds = Series.distinct(second.points.flatMap { $0.rows.map(\.cell.seed) })
    let values = seeds.compactMap { seed in
      first.accuracy(weights.first, seed: seed).flatMap { ours in
        second.accuracy(weights.second, seed: seed).map { ours - $0 }
      }
    }
    return values.count > 1 ? SampleSummary(values) : nil
  }

  private static func average(_ weights: [[Double]]) -> [Double] {
    guard let count = weights.first?.count else { return [] }
    return (0..<count).map { index in PairedAnswer.mean(weights.map { $0[index] }) }
  }

  private static func range(_ range: ClosedRange<Double>) -> String {
    "\(Format.compact(range.lowerBound)) to \(Format.compact(range.upperBound))"
  }
}
