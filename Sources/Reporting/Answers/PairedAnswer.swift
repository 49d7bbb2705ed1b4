import Common
import Results

/// Whether one model is more accurate than another at equal width, resolution and seed.
struct PairedAnswer {
  let claim: Claim
  let evidence: Evidence

  /// A difference is significant if its adjusted p-value is below this.
  static let level = 0.05
  /// The most pairs for which individual intervals are computed.
  static let mostIntervals = 200

  var answer: Answer {
    let pairs = CellPair.all(evidence, first: claim.model, second: claim.than)
    guard !pairs.isEmpty else {
      return Answer(
        claim, .notEnoughData,
        "\(claim.model) and \(claim.than) are not both done at any width and resolution")
    }
    let mean = Self.mean(pairs.map(\.difference))
    // Only predictions for the same images can be resampled together.
    let images = pairs.first { $0.differences != nil }?.differences?.count ?? 0
    let columns = pairs.compactMap(\.differences).filter { $0.count == images }
    guard columns.count == pairs.count, images > 0 else {
      return Answer(
        claim, .notEnoughData,
        "\(Answer.points(mean)) points on average over \(Format.count(pairs.count, "pair")), "
          + "without predictions for a test",
        evidence: [
          "The store lacks validation predictions for some of these cells, or has them for different images. "
            + "Training the cells again records them."
        ], table: table(pairs, adjusted: nil, intervals: nil))
    }
    let pooled = (0..<images).map { image in
      columns.reduce(0) { $0 + $1[image] } / Double(columns.count)
    }
    let isShort = columns.count <= Self.mostIntervals
    let intervals = PairedBootstrap.intervals([pooled] + (isShort ? columns : []))
    let adjusted = Holm.adjusted(pairs.map { $0.test?.pValue ?? 1 })
    let found = zip(pairs, adjusted).filter { $0.1 < Self.level }.map(\.0)
    let (ahead, behind) = (found.count { $0.difference > 0 }, found.count { $0.difference < 0 })
    let seeds = seedSummary(pairs)
    let interval = intervals.first ?? 0...0
    return Answer(
      claim,
      Answer.verdict(
        images: intervals.first, seeds: seeds?.interval, contradictions: behind),
      "\(claim.model) \(Answer.points(mean)) points (95 %: \(Answer.points(interval))) over "
        + Format.count(pairs.count, "pair"),
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
      "On the validation images \(claim.model) differs from \(claim.than) by \(Answer.points(mean)) points on average "
        + "over \(Format.count(pairs.count, "pair")) at equal width, resolution and seed; the paired bootstrap's 95 % "
        + "interval is \(Answer.points(interval)).",
      "McNemar's exact test with Holm's correction finds \(claim.model) ahead in \(ahead) of "
        + "\(Format.count(pairs.count, "pair")) and behind in \(behind).",
    ]
    let balanced = pairs.compactMap(\.balancedDifference)
    if balanced.count == pairs.count {
      sentences.append(
        "In balanced accuracy, which weights all classes equally, the mean difference is "
          + "\(Answer.points(Self.mean(balanced))) points.")
    }
    let train = pairs.compactMap(\.trainDifference)
    if !train.isEmpty {
      sentences.append(
        "In training accuracy it is \(Answer.points(Self.mean(train))) points.")
    }
    if let seeds, let interval = seeds.interval, let deviation = seeds.deviation {
      sentences.append(
        "Over \(seeds.count) seeds the mean difference is \(Answer.points(seeds.mean)) points, its standard "
          + "deviation \(Format.fixed(100 * deviation, decimals: 1)), Student's 95 % interval "
          + "\(Answer.points(interval)).")
    }
    return sentences
  }

  /// The mean difference of each seed; nil with fewer than two seeds.
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
      + [
        claim.model, claim.than, "difference", "95 % interval", "p (Holm)", "balanced", "training",
      ]
    let rows = pairs.indices.map { index -> [String] in
      let pair = pairs[index]
      let cell = pair.first.cell
      var row = ["\(cell.width)", "\(cell.resolution)", "\(cell.seed)"]
      if hasAxes {
        row.append(cell.axes.map { "\($0.name) \($0.value.text)" }.joined(separator: ", "))
      }
      for accuracy in [pair.first.valAccuracy, pair.second.valAccuracy] {
        row.append(accuracy.map(Format.percent) ?? "")
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
