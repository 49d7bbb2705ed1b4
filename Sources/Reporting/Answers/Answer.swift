import Common
import Results

/// A claim of an experiment and the verdict on it.
package struct Answer: Sendable {
  package enum Verdict: String, Sendable {
    /// The evidence supports it.
    case holds
    /// The evidence contradicts it.
    case doesNotHold = "does not hold"
    /// The evidence supports it, but each network was trained once.
    case seenOnce = "seen in one run of each"
    /// The evidence contradicts it, but each network was trained once.
    case contradictedOnce = "contradicted in one run of each"
    /// The evidence decides nothing.
    case notEnoughData = "not enough data"
  }

  struct Table: Sendable {
    var header: [String]
    var rows: [[String]]
  }

  package let statement: String
  package let verdict: Verdict
  /// The key figures, in one clause.
  package let summary: String
  /// The evidence in sentences.
  package let evidence: [String]
  let table: Table?

  init(
    _ claim: Claim, _ verdict: Verdict, _ summary: String, evidence: [String] = [],
    table: Table? = nil
  ) {
    self.statement = claim.statement
    self.verdict = verdict
    self.summary = summary
    self.evidence = evidence
    self.table = table
  }

  package static func all(_ evidence: Evidence) -> [Answer] {
    evidence.claims.map { claim in
      switch claim.kind {
      case .lighter: LighterAnswer(claim: claim, evidence: evidence).answer
      case .moreAccurate: PairedAnswer(claim: claim, evidence: evidence).answer
      case .moreAccurateAtEqualFLOPs:
        FrontAnswer(claim: claim, cost: .flops, evidence: evidence).answer
      case .moreAccurateAtEqualParameters:
        FrontAnswer(claim: claim, cost: .parameters, evidence: evidence).answer
      }
    }
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

  static func probability(_ p: Double) -> String {
    p < 0.001 ? "< 0.001" : Format.fixed(p, decimals: 3)
  }

  /// The verdict on a difference that the claim says is above 0.
  ///
  /// `images` is its confidence interval over the validation images, `seeds` that over the seeds.
  /// Without `seeds`, run-to-run variation is unknown, so the verdict on the architectures stays
  /// open. `contradictions` is the number of pairs with a significant opposite difference.
  static func verdict(
    images: ClosedRange<Double>?, seeds: ClosedRange<Double>?, contradictions: Int = 0
  ) -> Verdict {
    guard let images else { return .notEnoughData }
    guard let seeds else {
      if images.upperBound < 0 || contradictions > 0 { return .contradictedOnce }
      return images.lowerBound > 0 ? .seenOnce : .notEnoughData
    }
    if images.upperBound < 0 && seeds.upperBound < 0 || contradictions > 0 { return .doesNotHold }
    return images.lowerBound > 0 && seeds.lowerBound > 0 ? .holds : .notEnoughData
  }

  /// The answers for a terminal: each claim with its verdict, below it the deciding figures.
  ///
  /// Lines longer than `columns` are broken at spaces.
  package static func text(_ answers: [Answer], paint: Paint, columns: Int = .max) -> String {
    answers.map { answer in
      let style: Paint.Style =
        switch answer.verdict {
        case .holds: .green
        case .doesNotHold: .red
        case .seenOnce, .contradictedOnce, .notEnoughData: .yellow
        }
      let verdict = answer.verdict.rawValue
      var head = lines("\(answer.statement): \(verdict)", columns: columns)
      if head.last?.hasSuffix(verdict) == true {
        head[head.count - 1] = head[head.count - 1].dropLast(verdict.count) + paint(verdict, style)
      }
      let body = lines(answer.summary, columns: columns - 2).map { "  " + $0 }
      return (head + body).map { $0 + "\n" }.joined()
    }.joined()
  }

  /// The text in lines of at most `columns` characters; a longer word has a line of its own.
  private static func lines(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= columns {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
