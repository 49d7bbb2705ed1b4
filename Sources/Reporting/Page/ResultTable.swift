import Common
import Results

/// The cells as a sortable, filterable HTML table.
struct ResultTable {
  let evidence: Evidence

  /// A column: its title, and the text and sort key of each row.
  private struct Column {
    let head: String
    let isNumber: Bool
    let value: (ResultRow) -> (text: String, key: String)
  }

  var html: String {
    let columns = columns
    let head = columns.map { column in
      "<th scope=\"col\" data-kind=\"\(column.isNumber ? "number" : "text")\"><button>\(Markup.escaped(column.head))"
        + "</button></th>"
    }
    let rows = evidence.report.rows.map { row in
      let cells = columns.map { column in
        let (text, key) = column.value(row)
        return "<td data-key=\"\(Markup.escaped(key))\">\(Markup.escaped(text))</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return """
      <section id="cells">
      <h2>Cells</h2>
      <p><label>Filter <input type="search" id="filter" placeholder="v2 0.35 done" autocomplete="off"></label> \
      <output id="shown"></output></p>
      <div class="scroll"><table id="results"><thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      </section>

      """
  }

  private var columns: [Column] {
    func number(_ head: String, _ value: @escaping (ResultRow) -> (String, Double)?) -> Column {
      Column(head: head, isNumber: true) { row in
        value(row).map { ($0.0, "\($0.1)") } ?? ("", "")
      }
    }
    func fraction(_ head: String, _ value: @escaping (ResultRow) -> Double?) -> Column {
      number(head) { row in value(row).map { (Format.percent($0), $0) } }
    }
    func text(_ head: String, _ value: @escaping (ResultRow) -> String) -> Column {
      Column(head: head, isNumber: false) { (value($0), value($0)) }
    }
    let outcomes = evidence.outcomes
    var columns = [
      text("model") { $0.cell.model }, number("α") { ("\($0.cell.width)", $0.cell.width) },
      number("ρ") { ("\($0.cell.resolution)", Double($0.cell.resolution)) },
      number("seed") { ("\($0.cell.seed)", Double($0.cell.seed)) },
    ]
    for axis in evidence.report.axes {
      columns.append(
        text(axis) { row in
          row.cell.axes.first { $0.name == axis }.map { axis in
            if case .string(let text) = axis.value { return text }
            return axis.value.text
          } ?? ""
        })
    }
    let isTested = evidence.report.rows.contains { $0.testAccuracy != nil }
    let tests = isTested ? [fraction("test accuracy", \.testAccuracy)] : []
    return columns + [
      text("status") { $0.status.rawValue },
      number("epochs") { ("\($0.epochs)", Double($0.epochs)) },
      fraction("validation accuracy", \.valAccuracy),
      fraction("balanced") { outcomes[$0.cell.id]?.balancedAccuracy },
      fraction("best epoch (optimistic)", \.bestValAccuracy),
    ] + tests + [
      fraction("training accuracy", \.trainAccuracy),
      number("validation loss") { row in
        row.valLoss.map { (Format.fixed($0, decimals: 3), $0) }
      },
      number("parameters") { (Format.grouped($0.cell.params), Double($0.cell.params)) },
      number("MACs") { (Format.grouped($0.cell.macs), Double($0.cell.macs)) },
      number("activations") { row in
        row.cell.activationBytes.map { (Format.bytes($0), Double($0)) }
      },
      number("latency, ms") { row in
        row.latencySeconds.map { (Format.significant(1000 * $0), $0) }
      },
      number("images/s") { row in
        row.imagesPerSecond.map { (Format.significant($0), $0) }
      },
      number("seconds") { row in row.seconds.map { (Format.significant($0), $0) } },
    ]
  }
}
