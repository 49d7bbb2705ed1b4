import Common
import Foundation
import Results

/// A report as a self-contained HTML file with its styles, script and pictures.
package struct Page: Sendable {
  /// How an open page is updated.
  package enum Refresh: Sendable, Equatable {
    case never
    /// It reloads at this interval and keeps the reader's position.
    case reload(seconds: Int)
    /// It listens to server-sent events at a path of the server.
    case events(path: String)
  }

  /// Marks pages that this program wrote.
  static let generator = "<meta name=\"generator\" content=\"sweep\">"

  let evidence: Evidence
  let figures: [Figure]
  let answers: [Answer]
  let refresh: Refresh

  package init(_ evidence: Evidence, refresh: Refresh = .never) {
    self.evidence = evidence
    figures = Figure.all(evidence)
    answers = Answer.all(evidence)
    self.refresh = refresh
  }

  package var html: String {
    let title = Markup.escaped(evidence.experiment)
    let live =
      switch refresh {
      case .never: ""
      case .reload(let seconds): " data-reload=\"\(seconds)\""
      case .events(let path): " data-events=\"\(Markup.escaped(path))\""
      }
    return Markup.fill(
      PackageResources.page_html,
      [
        "generator": Self.generator, "title": title, "live": live,
        "style": String(decoding: PackageResources.page_css, as: UTF8.self),
        "script": String(decoding: PackageResources.page_js, as: UTF8.self),
        "content": header + warningSection + claimSection + figureSection
          + ResultTable(evidence: evidence).html + methods,
      ])
  }

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
    Markup.fill(
      PackageResources.methods_html,
      [
        "resamples": "\(PairedBootstrap.resamples)",
        "version": Markup.escaped(ProgramVersion.current),
        "experiment": Markup.escaped(evidence.experiment),
      ])
  }

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
}
