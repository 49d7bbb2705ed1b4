import Common
import Results

/// Whether one model has fewer parameters and FLOPs than another at each width and resolution.
struct LighterAnswer {
  let claim: Claim
  let evidence: Evidence

  var answer: Answer {
    let cells = evidence.report.rows.map(\.cell).filter { $0.params > 0 && $0.macs > 0 }
    let pairs = cells.filter { $0.model == claim.than }.compactMap { one in
      cells.first {
        $0.model == claim.model && $0.width == one.width && $0.resolution == one.resolution
      }.map { (heavy: one, light: $0) }
    }
    guard !pairs.isEmpty else {
      return Answer(
        claim, .notEnoughData, "the grid has no width and resolution with both models")
    }
    let widths = Series.distinct(pairs.map(\.heavy.width))
    var rows: [[String]] = []
    var shares: [Double] = []
    for width in widths {
      let here = pairs.filter { $0.heavy.width == width }
      guard let pair = here.first else { continue }
      let macs = here.map { Double($0.light.macs) / Double($0.heavy.macs) }
      let share = Double(pair.light.params) / Double(pair.heavy.params)
      shares.append(share)
      rows.append([
        "\(width)", Format.grouped(pair.heavy.params), Format.grouped(pair.light.params),
        Self.change([share]), Self.change(macs),
      ])
    }
    let macs = pairs.map { Double($0.light.macs) / Double($0.heavy.macs) }
    let isLighter = (shares + macs).allSatisfy { $0 < 1 }
    let heavier = zip(widths, shares).filter { $0.1 >= 1 }.map { "\($0.0)" }
    let summary = "\(Self.words(shares, of: "parameters")), \(Self.words(macs, of: "FLOPs"))"
    var sentences = [
      "At equal width and resolution \(claim.model) has \(summary), compared with \(claim.than)."
    ]
    if !heavier.isEmpty {
      sentences.append(
        "\(claim.model) has no fewer parameters at width \(heavier.joined(separator: ", ")).")
    }
    sentences.append("These are exact counts, known before any training.")
    return Answer(
      claim, isLighter ? .holds : .doesNotHold, summary, evidence: sentences,
      table: Answer.Table(
        header: [
          "width", "parameters of \(claim.than)", "of \(claim.model)", "change", "change of FLOPs",
        ], rows: rows))
  }

  /// `−30.5 %`, or a range.
  private static func change(_ shares: [Double]) -> String {
    let texts = [shares.min(), shares.max()].compactMap(\.self).map {
      Answer.points($0 - 1) + " %"
    }
    return Series.distinct(texts).joined(separator: " to ")
  }

  /// `30.5 to 32.0 % fewer parameters`.
  private static func words(_ shares: [Double], of what: String) -> String {
    guard let low = shares.max().map({ 1 - $0 }), let high = shares.min().map({ 1 - $0 }) else {
      return ""
    }
    func percent(_ share: Double) -> String { Format.fixed(100 * abs(share), decimals: 1) }
    guard low >= 0 || high <= 0 else {
      return "from \(percent(low)) % more to \(percent(high)) % fewer \(what)"
    }
    let ends = high > 0 ? [low, high] : [high, low]
    return Series.distinct(ends.map(percent)).joined(separator: " to ")
      + " % \(high > 0 ? "fewer" : "more") \(what)"
  }
}
