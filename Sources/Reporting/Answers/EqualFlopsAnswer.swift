import Common
import Foundation
import Results

/// Whether V2 is the more accurate at equal FLOPs, along the two models' fronts.
struct EqualFlopsAnswer {
  let evidence: Evidence

  private static let claim = "MobileNet V2 is the more accurate at equal FLOPs"
  /// At how many places, evenly spaced in the logarithm of the FLOPs, the fronts are compared.
  private static let places = 101

  var answer: Answer {
    let series = evidence.series
    // Of several values of further axes, the first that both models have.
    let pairs = series.filter { $0.points.first?.cell.model == "mobilenet_v1" }.compactMap { v1 in
      series.first {
        $0.points.first?.cell.model == "mobilenet_v2"
          && $0.points.first?.cell.axes == v1.points.first?.cell.axes
      }.map { (v1: v1, v2: $0) }
    }
    let fronts = pairs.map { (v1: Front($0.v1.points), v2: Front($0.v2.points)) }
    guard let fronts = fronts.first(where: { $0.v1.range != nil && $0.v2.range != nil }),
      let ours = fronts.v2.range, let theirs = fronts.v1.range
    else {
      return Answer(
        Self.claim, .notEnoughData, "a front needs two networks of each model that are done")
    }
    let low = max(ours.lowerBound, theirs.lowerBound)
    let high = min(ours.upperBound, theirs.upperBound)
    guard low < high else {
      return Answer(
        Self.claim, .notEnoughData, "the models' fronts have no FLOPs in common",
        evidence: [
          "V1's front covers \(Self.range(theirs)) FLOPs, V2's \(Self.range(ours)): "
            + "widths or resolutions between them would let them meet."
        ])
    }
    return compare(fronts.v1, fronts.v2, low...high)
  }

  private func compare(_ v1: Front, _ v2: Front, _ range: ClosedRange<Double>) -> Answer {
    let span = log(range.upperBound / range.lowerBound)
    let flops = (0..<Self.places).map { place in
      range.lowerBound * exp(span * Double(place) / Double(Self.places - 1))
    }
    let weights = flops.map { (v1: v1.weights(at: $0), v2: v2.weights(at: $0)) }
    let differences = weights.map { (v2.accuracy($0.v2) ?? 0) - (v1.accuracy($0.v1) ?? 0) }
    let mean = PairedAnswer.mean(differences)
    let ahead = Double(differences.count { $0 > 0 }) / Double(differences.count)
    let average = (
      v1: Self.average(weights.map(\.v1)), v2: Self.average(weights.map(\.v2))
    )
    // The whole range, then some places in it.
    let shown = [0, 25, 50, 75, 100]
    let columns = ([average] + shown.map { weights[$0] }).compactMap { weights in
      v2.rightness(weights.v2, evidence).flatMap { ours in
        v1.rightness(weights.v1, evidence).flatMap { theirs in
          ours.count == theirs.count ? zip(ours, theirs).map { $0 - $1 } : nil
        }
      }
    }
    let intervals =
      columns.count == shown.count + 1 ? PairedBootstrap.intervals(columns) : []
    let seeds = seedSummary(v1, v2, average)
    let table = Answer.Table(
      header: ["FLOPs", "V1's front", "V2's front", "difference", "95 % interval"],
      rows: shown.enumerated().map { row, place in
        [
          Format.compact(flops[place]),
          v1.accuracy(weights[place].v1).map(GridTable.percent) ?? "",
          v2.accuracy(weights[place].v2).map(GridTable.percent) ?? "",
          Answer.points(differences[place]),
          intervals.isEmpty ? "" : Answer.points(intervals[row + 1]),
        ]
      })
    let interval = intervals.first.map { " (95 %: \(Answer.points($0)))" } ?? ""
    var sentences = [
      "Along their fronts, from \(Self.range(range)) FLOPs, where both have networks and the comparison is fair, V2 is "
        + "\(Answer.points(mean)) points\(interval) against V1 on average, and ahead on "
        + "\(Format.fixed(100 * ahead, decimals: 0)) % of the range.",
      "Between two networks of a front accuracy is interpolated over the logarithm of the FLOPs; the interval is of the "
        + "paired bootstrap over the validation images, the fronts' networks being kept.",
    ]
    if let seeds, let interval = seeds.interval {
      sentences.append(
        "Over \(seeds.count) seeds Student's 95 % interval is \(Answer.points(interval)) points.")
    }
    if intervals.isEmpty {
      sentences.append("The store has no validation predictions to put an interval on this.")
    }
    return Answer(
      Self.claim, Answer.verdict(images: intervals.first, seeds: seeds?.interval),
      "\(Answer.points(mean)) points\(interval) from \(Self.range(range)) FLOPs",
      evidence: sentences, table: table)
  }

  private func seedSummary(
    _ v1: Front, _ v2: Front, _ weights: (v1: [Double], v2: [Double])
  ) -> SampleSummary? {
    let seeds = Series.distinct(v1.points.flatMap { $0.rows.map(\.cell.seed) })
    let values = seeds.compactMap { seed in
      v2.accuracy(weights.v2, seed: seed).flatMap { ours in
        v1.accuracy(weights.v1, seed: seed).map { ours - $0 }
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
