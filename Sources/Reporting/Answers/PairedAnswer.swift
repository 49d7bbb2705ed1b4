import Common
import Results

/// Whether one model is more accurate than another at equal width and resolution.
struct PairedAnswer {
  let claim: String
  let evidence: Evidence
  /// The model that should be the more accurate.
  let first: String
  let second: String

  /// Differences below this adjusted probability count as found.
  static let level = 0.05
  /// With more pairs than this an interval for each would take longer than anyone reads them.
  static let mostIntervals = 200

  var answer: Answer {
    let pairs = CellPair.all(evidence, first: first, second: second)
    guard !pairs.isEmpty else {
      return Answer(
        claim, .notEnoughData, "no width and resolution at which \(first) and \(second) are done")
    }
    let mean = Self.mean(pairs.map(\.difference))
    let tested = pairs.filter { $0.differences != nil }
    // Only lists of the same images can be drawn from together.
    let images = tested.first?.differences?.count ?? 0
    let columns = tested.compactMap(\.differences).filter { $0.count == images }
    guard columns.count == pairs.count, images > 0 else {
      return Answer(
        claim, .notEnoughData,
        "\(Answer.points(mean)) points on average over \(pairs.count) pairs, "
          + "without predictions to test them by",
        evidence: [
          "The store has no validation predictions of these cells, or of different images. "
            + "Cells trained anew have them."
        ], table: table(pairs, adjusted: nil, intervals: nil))
    }
    let pooled = (0..<images).map { image in
      columns.reduce(0) { $0 + $1[image] } / Double(columns.count)
    }
    let isShort = columns.count <= Self.mostIntervals
    let intervals = PairedBootstrap.intervals([pooled] + (isShort ? columns : []))
    let adjusted = Holm.adjusted(pairs.map { $0.test?.pValue ?? 1 })
    let found = zip(pairs, adjusted).filter { $0.1 < Self.level }.map(\.0)
    let (ahead, behind) = (
      found.count { $0.difference > 0 }, found.count { $0.difference < 0 }
    )
    let seeds = seedSummary(pairs)
    let verdict = Answer.verdict(
      images: intervals.first, seeds: seeds?.interval, contradictions: behind)
    let interval = intervals.first ?? 0...0
    return Answer(
      claim, verdict,
      "\(first) \(Answer.points(mean)) points (95 %: \(Answer.points(interval))) over "
        + "\(pairs.count) \(pairs.count == 1 ? "pair" : "pairs")",
      evidence: sentences(
        pairs, mean: mean, interval: interval, ahead: ahead, behind: behind, seeds: seeds),
      table: table(
        pairs, adjusted: adjusted, intervals: isShort ? Array(intervals.dropFirst()) : nil))
  }

  private func sentences(
    _ pairs: [CellPair], mean: Double, interval: ClosedRange<Double>, ahead: Int, behind: Int,
    seeds: SampleSummary?
  ) -> [String] {
    var sentences = [
      "On the validation images \(first) is \(Answer.points(mean)) points against \(second) on average over "
        + "\(pairs.count) cells at equal width, resolution and seed; the paired bootstrap's 95 % interval is "
        + "\(Answer.points(interval)).",
      "McNemar's exact test with Holm's correction finds \(first) ahead in \(ahead) of \(pairs.count) pairs and "
        + "behind in \(behind).",
    ]
    let balanced = pairs.compactMap(\.balancedDifference)
    if balanced.count == pairs.count {
      sentences.append(
        "By balanced accuracy, which counts each class alike, the mean difference is "
          + "\(Answer.points(Self.mean(balanced))) points.")
    }
    let train = pairs.compactMap(\.trainDifference)
    if !train.isEmpty {
      sentences.append(
        "By training accuracy, which the study showed, it is \(Answer.points(Self.mean(train))) points."
      )
    }
    if let seeds, let interval = seeds.interval, let deviation = seeds.deviation {
      sentences.append(
        "Over \(seeds.count) seeds the mean difference is \(Answer.points(seeds.mean)) points, its standard "
          + "deviation \(Format.fixed(100 * deviation, decimals: 1)), Student's 95 % interval "
          + "\(Answer.points(interval)).")
    }
    return sentences
  }

  /// The mean difference of each seed; nil with fewer than two.
  private func seedSummary(_ pairs: [CellPair]) -> SampleSummary? {
    let seeds = Series.distinct(pairs.map(\.first.cell.seed))
    guard seeds.count > 1 else { return nil }
    return SampleSummary(
      seeds.map { seed in
        Self.mean(pairs.filter { $0.first.cell.seed == seed }.map(\.difference))
      })
  }

  private func table(
    _ pairs: [CellPair], adjusted: [Double]?, intervals: [ClosedRange<Double>]?
  ) -> Answer.Table {
    let hasAxes = pairs.contains { !$0.first.cell.axes.isEmpty }
    let header =
      ["width", "resolution", "seed"] + (hasAxes ? ["further axes"] : [])
      + [first, second, "difference", "95 % interval", "p (Holm)", "balanced", "training"]
    let rows = pairs.indices.map { index -> [String] in
      let pair = pairs[index]
      let cell = pair.first.cell
      var row = ["\(cell.width)", "\(cell.resolution)", "\(cell.seed)"]
      if hasAxes {
        row.append(cell.axes.map { "\($0.name) \($0.value.text)" }.joined(separator: ", "))
      }
      for accuracy in [pair.first.valAccuracy, pair.second.valAccuracy] {
        row.append(accuracy.map(GridTable.percent) ?? "")
      }
      row.append(Answer.points(pair.difference))
      row.append(intervals.map { Answer.points($0[index]) } ?? "")
      row.append(adjusted.map { Answer.probability($0[index]) } ?? "")
      for difference in [pair.balancedDifference, pair.trainDifference] {
        row.append(difference.map(Answer.points) ?? "")
      }
      return row
    }
    return Answer.Table(header: header, rows: rows)
  }

  static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
