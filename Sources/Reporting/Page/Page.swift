import Common
import Foundation
import Results

/// A report as one self-contained HTML file with its styles, script and pictures.
package struct Page: Sendable {
  /// How an open page gets new figures.
  package enum Refresh: Sendable, Equatable {
    /// Not at all.
    case never
    /// It reloads itself at this interval and keeps its reader's place.
    case reload(seconds: Int)
    /// It listens to server-sent events at a path of its server.
    case events(path: String)
  }

  /// The mark by which a page of this program is recognized.
  static let generator = "<meta name=\"generator\" content=\"sweep\">"

  let evidence: Evidence
  let figures: [Figure]
  let answers: [Answer]
  let refresh: Refresh

  /// The page of an experiment.
  package init(_ evidence: Evidence, refresh: Refresh = .never) {
    self.evidence = evidence
    figures = Figure.all(evidence)
    answers = Answer.all(evidence)
    self.refresh = refresh
  }

  /// The file's text.
  package var html: String {
    let title = Markup.escaped(evidence.experiment)
    let live =
      switch refresh {
      case .never: ""
      case .reload(let seconds): " data-reload=\"\(seconds)\""
      case .events(let path): " data-events=\"\(Markup.escaped(path))\""
      }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      \(Self.generator)
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      script-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'">
      <title>\(title)</title>
      <style>
      \(Self.text(PackageResources.page_css))</style>
      </head>
      <body\(live)>
      <main id="page">
      \(header)\(warningSection)\(claimSection)\(figureSection)\(ResultTable(evidence: evidence).html)\(methods)</main>
      <dialog id="large"><form method="dialog"><button aria-label="Close">✕</button></form><div></div></dialog>
      <div id="tip" role="status" hidden></div>
      <script>
      \(Self.text(PackageResources.page_js))</script>
      </body>
      </html>

      """
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private var header: String {
    let counts = StatusCounts(evidence.report.rows.map(\.status)).text
    var facts = [counts]
    if let validation = evidence.validation {
      facts.append(
        "\(validation.classes.count) classes, \(Format.grouped(validation.labels.count)) validation images"
      )
    }
    facts += evidence.machines
    let items = facts.map { "<li>\(Markup.escaped($0))</li>" }.joined()
    return """
      <header>
      <h1>\(Markup.escaped(evidence.experiment))</h1>
      <ul class="facts">\(items)</ul>
      <nav>\(answers.isEmpty ? "" : "<a href=\"#claims\">Claims</a> ")<a href="#figures">Figures</a> <a href="#cells">Cells</a> \
      <a href="#methods">Methods</a></nav>
      </header>

      """
  }

  private var warningSection: String {
    let warnings = evidence.warnings
    guard !warnings.isEmpty else { return "" }
    let items = warnings.map {
      "<li><strong>\(Markup.escaped($0.cell))</strong>: \(Markup.escaped($0.reason))</li>"
    }
    return """
      <section id="warnings">
      <h2>Done, but not trained well</h2>
      <ul>
      \(items.joined(separator: "\n"))
      </ul>
      </section>

      """
  }

  private var claimSection: String {
    guard !answers.isEmpty else { return "" }
    let cards = answers.enumerated().map { index, answer in
      let kind =
        switch answer.verdict {
        case .holds: "yes"
        case .doesNotHold: "no"
        case .seenOnce, .contradictedOnce, .notEnoughData: "open"
        }
      let sentences = answer.evidence.map { "<p>\(Markup.escaped($0))</p>" }.joined(separator: "\n")
      return """
        <article class="answer">
        <p><span class="verdict \(kind)">\(answer.verdict.rawValue)</span></p>
        <h3>\(Markup.escaped(answer.statement))</h3>
        <p class="summary">\(Markup.escaped(answer.summary))</p>
        <details id="answer-\(index + 1)"><summary>Evidence</summary>
        \(sentences)
        \(answer.table.map(Self.table) ?? "")
        </details>
        </article>

        """
    }
    let caveats = Caveats(evidence: evidence).sentences.map { "<li>\(Markup.escaped($0))</li>" }
    let list =
      caveats.isEmpty
      ? ""
      : "<h3>What would make the verdicts firmer</h3>\n<ul>\(caveats.joined(separator: "\n"))</ul>\n"
    return """
      <section id="claims">
      <h2>Claims</h2>
      <p>What the experiment claims, tested on validation accuracy after the last epoch.</p>
      <div class="answers">
      \(cards.joined())</div>
      \(list)</section>

      """
  }

  private var figureSection: String {
    guard !figures.isEmpty else { return "" }
    let parts = figures.map { figure in
      let svg = figure.svg.replacing(#"xmlns="http://www.w3.org/2000/svg" "#, with: "")
      return """
        <figure id="\(figure.id)">
        <div class="picture" style="--width: \(Drawing.number(figure.width))px">\(svg)</div>
        <figcaption>\(Markup.escaped(figure.caption))
        <span class="tools"><button data-enlarge>Enlarge</button> \
        <a href="#\(figure.id)" data-query="\(Markup.escaped(figure.query))">Copy query</a></span></figcaption>
        </figure>

        """
    }
    return """
      <section id="figures">
      <h2>Figures</h2>
      \(parts.joined())</section>

      """
  }

  private var methods: String {
    let items = Self.methods.map { "<li>\($0)</li>" }.joined(separator: "\n")
    return """
      <section id="methods">
      <h2>Methods</h2>
      <ul>
      \(items)
      </ul>
      </section>
      <footer>Made by sweep \(Markup.escaped(ProgramVersion.current)). \
      <code>sweep report --experiment \(Markup.escaped(evidence.experiment)) --csv</code> prints the figures.</footer>

      """
  }

  /// An HTML table of texts.
  private static func table(_ table: Answer.Table) -> String {
    let head = table.header.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined()
    let rows = table.rows.map { row in
      "<tr>\(row.map { "<td>\(Markup.escaped($0))</td>" }.joined())</tr>"
    }
    return """
      <div class="scroll"><table><thead><tr>\(head)</tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
      """
  }

  private static let methods = [
    "Cells of one resolution and seed see the same images in the same order, so differences are tested in pairs.",
    "McNemar's exact test: let b and c be the images that only one of the two networks gets right; p = min(1, 2 · Σ<sub>i ≤ "
      + "min(b, c)</sub> C(b + c, i) / 2<sup>b + c</sup>). McNemar, Psychometrika 12 (1947).",
    "Holm's correction over all pairs of a claim: the k-th smallest of m probabilities times m − k + 1, at least the one "
      + "before it. Holm, Scandinavian Journal of Statistics 6 (1979). Below 0.05 a difference counts as found.",
    "Paired bootstrap: 95 % percentile interval of the mean difference over \(PairedBootstrap.resamples) draws of the "
      + "validation images with replacement. Efron, Annals of Statistics 7 (1979).",
    "Several seeds: mean ± standard deviation (n − 1); 95 % interval mean ± t<sub>0.975, n − 1</sub> · s / √n. Student, "
      + "Biometrika 6 (1908).",
    "Balanced accuracy: the mean recall of the classes. Brodersen et al., ICPR 2010.",
    "A claim about accuracy holds if both intervals, over the images and over the seeds, lie above 0 and no pair is found the "
      + "other way round; it does not hold if they lie below 0 or a pair is. With one seed it is at most seen in one run of each: "
      + "one seed cannot show run-to-run variation.",
    "MACs are the multiply-accumulates of convolutions and linear layers for one image, FLOPs twice that.",
  ]
}
