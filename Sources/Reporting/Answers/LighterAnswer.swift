import Common
import Results

/// Whether V2 has fewer parameters and FLOPs than V1 at each width and resolution.
struct LighterAnswer {
  let evidence: Evidence

  private static let claim = "MobileNet V2 is lighter than V1"

  var answer: Answer {
    let cells = evidence.report.rows.map(\.cell)
    let first = cells.filter { $0.model == "mobilenet_v1" }
    let pairs = first.compactMap { one in
      cells.first {
        $0.model == "mobilenet_v2" && $0.width == one.width && $0.resolution == one.resolution
      }.map { (v1: one, v2: $0) }
    }
    guard !pairs.isEmpty else {
      return Answer(
        Self.claim, .notEnoughData, "the grid has no width and resolution with both models")
    }
    let widths = Series.distinct(pairs.map(\.v1.width))
    var rows: [[String]] = []
    var shares: [Double] = []
    for width in widths {
      let here = pairs.filter { $0.v1.width == width }
      guard let pair = here.first else { continue }
      let macs = here.map { Double($0.v2.macs) / Double($0.v1.macs) }
      let share = Double(pair.v2.params) / Double(pair.v1.params)
      shares.append(share)
      rows.append([
        "\(width)", Format.grouped(pair.v1.params), Format.grouped(pair.v2.params),
        Self.change([share]), Self.change(macs),
      ])
    }
    let macs = pairs.map { Double($0.v2.macs) / Double($0.v1.macs) }
    let isLighter = (shares + macs).allSatisfy { $0 < 1 }
    let heavier = zip(widths, shares).filter { $0.1 >= 1 }.map { "\($0.0)" }
    var sentences = [
      "At equal width and resolution V2 has \(Self.words(shares, of: "parameters")) and "
        + "\(Self.words(macs, of: "FLOPs")) (V2 against V1)."
    ]
    if !heavier.isEmpty {
      sentences.append("V2 has no fewer parameters at width \(heavier.joined(separator: ", ")).")
    }
    sentences.append("These are counts, exact and known before any training.")
    return Answer(
      Self.claim, isLighter ? .holds : .doesNotHold,
      "\(Self.words(shares, of: "parameters")), \(Self.words(macs, of: "FLOPs"))",
      evidence: sentences,
      table: Answer.Table(
        header: ["width", "parameters of V1", "of V2", "change", "change of FLOPs"], rows: rows))
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
    let changes = shares.map { 1 - $0 }
    guard let low = changes.min(), let high = changes.max() else { return "" }
    if low >= 0 || high <= 0 {
      let ends = Series.distinct(
        [low, high].map { Format.fixed(100 * abs($0), decimals: 1) }.sorted {
          (Double($0) ?? 0) < (Double($1) ?? 0)
        })
      return "\(ends.joined(separator: " to ")) % \(high > 0 ? "fewer" : "more") \(what)"
    }
    return "from \(Format.fixed(-100 * low, decimals: 1)) % more to "
      + "\(Format.fixed(100 * high, decimals: 1)) % fewer \(what)"
  }
}
