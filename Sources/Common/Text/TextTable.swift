/// A table of aligned columns, two spaces apart, for a terminal; cells may be painted.
package struct TextTable: Sendable {
  package enum Alignment: Sendable {
    case left
    case right
  }

  package let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]?] = []

  package init(_ columns: [(title: String, alignment: Alignment)]) {
    self.columns = columns
  }

  /// Adds a row; missing cells at its end are empty.
  package mutating func add(_ cells: [String]) {
    rows.append(cells + Array(repeating: "", count: max(0, columns.count - cells.count)))
  }

  package mutating func addRule() { rows.append(nil) }

  private var widths: [Int] {
    columns.indices.map { column in
      rows.reduce(DisplayWidth.of(columns[column].title)) { width, cells in
        max(width, cells.map { DisplayWidth.of($0[column]) } ?? 0)
      }
    }
  }

  /// The number of a terminal's columns that it takes.
  package var width: Int { widths.reduce(0, +) + 2 * max(0, columns.count - 1) }

  /// The table, one line per row, without spaces at the ends of lines.
  package var text: String {
    let lines = [columns.map(\.title), nil] + rows
    let widths = widths
    let rule = String(repeating: "─", count: width)
    return lines.map { cells in
      guard let cells else { return rule + "\n" }
      var line = ""
      var gap = 0
      for (column, cell) in cells.enumerated() {
        let padding = widths[column] - DisplayWidth.of(cell)
        let before = columns[column].alignment == .right ? padding : 0
        if !cell.isEmpty {
          line += String(repeating: " ", count: gap + before) + cell
          gap = padding - before + 2
        } else {
          gap += padding + 2
        }
      }
      return line + "\n"
    }.joined()
  }
}
