import Common
import Results

/// The formats for documents.
extension Evidence {
  /// One table of validation accuracy per model, and the claims with their verdicts, in GitHub's
  /// Markdown.
  package var markdown: String {
    var text = ""
    for one in series {
      let resolutions = one.resolutions.sorted(by: >)
      text += "**\(Self.markdown(one.name))**: validation accuracy after the last epoch\n\n"
      text += "| width | parameters | " + resolutions.map { "\($0) px" }.joined(separator: " | ")
      text += " |\n|---:|---:|" + String(repeating: "---:|", count: resolutions.count) + "\n"
      for width in one.widths.sorted(by: >) {
        let points = resolutions.map { one.point(width: width, resolution: $0) }
        let params = points.compactMap { $0?.cell.params }.first.map(Format.grouped) ?? ""
        let cells = points.map { point -> String in
          guard let point, let accuracy = point.accuracy else { return "" }
          return (point.isFinished ? "" : "~") + accuracy.percentText
        }
        text += "| \(width) | \(params) | " + cells.joined(separator: " | ") + " |\n"
      }
      text += "\n"
    }
    for answer in Answer.all(self) {
      text += "- \(answer.statement): **\(answer.verdict.rawValue)**. "
      text += Self.markdown(answer.summary) + "\n"
    }
    return text
  }

  /// A table of all networks for LaTeX with the package booktabs.
  package var latex: String {
    var text = """
      % needs \\usepackage{booktabs}
      \\begin{tabular}{lrrrrrr}
      \\toprule
      model & $\\alpha$ & $\\rho$ & parameters & MACs & training & validation \\\\
            &           &         &            &      & accuracy (\\%) & accuracy (\\%) \\\\

      """
    for one in series {
      text += "\\midrule\n"
      for point in one.points {
        let fields = [
          Self.latex(one.name), "\(point.width)", "\(point.resolution)",
          Self.latex(Format.grouped(point.cell.params)),
          Self.latex(Format.grouped(point.cell.macs)),
          Self.latex(point.trainAccuracy), Self.latex(point.accuracy),
        ]
        text += fields.joined(separator: " & ") + " \\\\\n"
      }
    }
    return text + "\\bottomrule\n\\end{tabular}\n"
  }

  private static func latex(_ summary: SampleSummary?) -> String {
    guard let summary else { return "--" }
    let mean = Format.fixed(100 * summary.mean, decimals: 1)
    guard let deviation = summary.deviation else { return mean }
    return "$\(mean) \\pm \(Format.fixed(100 * deviation, decimals: 1))$"
  }

  static func latex(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": escaped += "\\\(character)"
      case "\\": escaped += "\\textbackslash{}"
      case "~": escaped += "\\textasciitilde{}"
      case "^": escaped += "\\textasciicircum{}"
      case "\n", "\r": escaped += " "
      default: escaped.append(character)
      }
    }
    return escaped
  }

  static func markdown(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\", "`", "*", "[", "]", "<", ">", "|", "~", "#": escaped += "\\\(character)"
      case "\n", "\r": escaped += " "
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
