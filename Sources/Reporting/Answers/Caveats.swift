import Common
import Results

/// The limits of the verdicts, and how to strengthen them.
struct Caveats {
  let evidence: Evidence

  /// One sentence per limit.
  var sentences: [String] {
    let rows = evidence.report.rows
    var sentences: [String] = []
    let open = rows.count(where: \.isUnfinished)
    if open > 0 {
      sentences.append("Finish the sweep: \(open) of \(rows.count) cells are still to be trained.")
    }
    let lost = rows.count { $0.status == .diverged || $0.status == .failed }
    if lost > 0 {
      sentences.append("\(lost) of \(rows.count) cells diverged or failed and are left out.")
    }
    let seeds = Series.distinct(rows.map(\.cell.seed)).count
    if seeds < 3 {
      sentences.append(
        "Train more seeds (\"seed\": [0, 1, 2, 3, 4]): "
          + (seeds == 1
            ? "one seed cannot show run-to-run variation."
            : "two seeds hardly show run-to-run variation."))
    }
    if let validation = evidence.validation {
      sentences.append(contentsOf: images(validation))
    } else if rows.contains(where: { $0.valAccuracy != nil }) {
      sentences.append(
        "The store has no validation predictions for these cells, so no difference can be tested."
      )
    }
    let done = rows.filter { $0.status == .done && $0.valAccuracy != nil }
    let rising = done.count { $0.bestEpoch == $0.epochs && $0.epochs > 1 }
    if 2 * rising > done.count {
      sentences.append(
        "Train more epochs: in \(rising) of \(done.count) finished cells the last epoch was the best."
      )
    }
    return sentences
  }

  private func images(_ validation: ValidationSet) -> [String] {
    let count = validation.labels.count
    guard count > 0 else { return [] }
    // Wald's interval of a paired difference, for two networks that disagree on a fifth of the
    // images.
    let reach = 1.96 * (0.2 / Double(count)).squareRoot()
    var sentences = [
      "Use more validation images: with \(Format.grouped(count)), two networks that disagree on a fifth of them must "
        + "differ by about \(Format.fixed(100 * reach, decimals: 1)) points to be told apart; four times as many images "
        + "halve this margin."
    ]
    let sizes = Dictionary(grouping: validation.labels) { $0 }.mapValues(\.count)
    if let least = sizes.values.min(), let most = sizes.values.max(), most > least + least / 2 {
      sentences.append(
        "The classes are unbalanced (\(least) to \(most) validation images per class): compare balanced accuracy too."
      )
    }
    return sentences
  }
}
