import Common

/// A conclusion of the study, and what an experiment says of it.
public struct Answer: Sendable {
  /// Whether the conclusion stands.
  public enum Verdict: String, Sendable {
    /// The evidence is for it.
    case holds
    /// The evidence is against it.
    case doesNotHold = "does not hold"
    /// Neither.
    case notEnoughData = "not enough data"
  }

  /// Figures behind an answer.
  struct Table: Sendable {
    var header: [String]
    var rows: [[String]]
  }

  /// The conclusion.
  public let claim: String
  /// Whether it stands.
  public let verdict: Verdict
  /// The deciding figures in a clause.
  public let summary: String
  /// The evidence in sentences.
  public let evidence: [String]
  let table: Table?

  init(
    _ claim: String, _ verdict: Verdict, _ summary: String, evidence: [String] = [],
    table: Table? = nil
  ) {
    self.claim = claim
    self.verdict = verdict
    self.summary = summary
    self.evidence = evidence
    self.table = table
  }

  /// The study's four conclusions.
  public static func all(_ evidence: Evidence) -> [Answer] {
    [
      LighterAnswer(evidence: evidence).answer,
      PairedAnswer(
        claim: "MobileNet V1 is the more accurate at equal width and resolution",
        evidence: evidence, first: "mobilenet_v1", second: "mobilenet_v2"
      ).answer,
      EqualFlopsAnswer(evidence: evidence).answer,
      PairedAnswer(
        claim: "LeakyReLU plus the downsample residual makes V2 worse",
        evidence: evidence, first: "mobilenet_v2", second: "c_mobilenet_v2"
      ).answer,
    ]
  }

  /// A difference of fractions in percentage points, with its sign: `+1.2`.
  static func points(_ difference: Double) -> String {
    let text = Format.fixed(100 * difference, decimals: 1)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : "+" + text
  }

  /// `+0.4 to +2.2`.
  static func points(_ interval: ClosedRange<Double>) -> String {
    "\(points(interval.lowerBound)) to \(points(interval.upperBound))"
  }

  /// A probability for people.
  static func probability(_ p: Double) -> String {
    p < 0.001 ? "< 0.001" : Format.fixed(p, decimals: 3)
  }

  /// The verdict on "more than nothing": by the interval over the images and, with several seeds,
  /// that over the seeds.
  static func verdict(
    images: ClosedRange<Double>?, seeds: ClosedRange<Double>?, contradictions: Int = 0
  ) -> Verdict {
    guard let images else { return .notEnoughData }
    if images.upperBound < 0 && seeds?.upperBound ?? -1 < 0 || contradictions > 0 {
      return .doesNotHold
    }
    return images.lowerBound > 0 && seeds?.lowerBound ?? 1 > 0 ? .holds : .notEnoughData
  }
}
