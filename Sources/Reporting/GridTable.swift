import Common
import Results

/// The cells of one model as a table: a row a width, a column a resolution.
struct GridTable {
  /// What the table is of.
  let title: String
  /// Its cells, in the grid's order.
  let rows: [ResultRow]
  /// The accuracies that the colours reach from and to; nil for those of the table.
  var scale: ClosedRange<Double>?

  /// The table with its title.
  func text(paint: Paint) -> String {
    var resolutions: [Int] = []
    var widths: [Double] = []
    for row in rows {
      if !resolutions.contains(row.cell.resolution) { resolutions.append(row.cell.resolution) }
      if !widths.contains(row.cell.width) { widths.append(row.cell.width) }
    }
    let cells = Dictionary(grouping: rows) {
      Place(width: $0.cell.width, resolution: $0.cell.resolution)
    }
    let accuracies = cells.values.compactMap(Self.accuracy)
    let best = accuracies.max()
    let scale = scale ?? (accuracies.min() ?? 0)...(best ?? 1)
    var table = TextTable(
      [("width", .right), ("params", .right)] + resolutions.map { ("\($0) px", .right) })
    for width in widths {
      let line = resolutions.map { cells[Place(width: width, resolution: $0)] ?? [] }
      let params = line.joined().first.map { Format.grouped($0.cell.params) } ?? ""
      table.add(
        ["\(width)", params] + line.map { Self.figure($0, best: best, scale: scale, paint: paint) })
      let macs = line.map { $0.first.map { Self.millions($0.cell.macs) } ?? "" }
      table.add(["", ""] + macs.map { paint($0, .dim) })
    }
    return paint(title, .bold) + "\n" + table.text
  }

  /// A fraction for people: `71.2 %`.
  static func percent(_ fraction: Double) -> String {
    Format.fixed(100 * fraction, decimals: 1) + " %"
  }

  private static func millions(_ count: Int) -> String {
    Format.fixed(Double(count) / 1e6, decimals: 1) + " M"
  }

  /// The mean validation accuracy of the seeds; nil where none has one.
  private static func accuracy(_ seeds: [ResultRow]) -> Double? {
    let values = seeds.compactMap(\.valAccuracy)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func figure(
    _ seeds: [ResultRow], best: Double?, scale: ClosedRange<Double>, paint: Paint
  ) -> String {
    guard !seeds.isEmpty else { return "" }
    for status in [CellStatus.failed, .diverged]
    where seeds.contains(where: { $0.status == status }) {
      return paint(status.rawValue, .red)
    }
    guard let mean = accuracy(seeds) else {
      let isRunning = seeds.contains { $0.status == .running }
      return isRunning ? paint("running", .yellow) : paint("·", .dim)
    }
    var text = percent(mean)
    let values = seeds.compactMap(\.valAccuracy)
    if values.count > 1 {
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(values.count - 1)).squareRoot()
      text = "\(Format.fixed(100 * mean, decimals: 1)) ± \(percent(deviation))"
    }
    if seeds.contains(where: \.isUnfinished) { return paint("~" + text, .yellow) }
    if mean == best { return paint(text, .bold, .green) }
    let span = scale.upperBound - scale.lowerBound
    return paint.shaded(text, span > 0 ? (mean - scale.lowerBound) / span : 1)
  }

  private struct Place: Hashable {
    var width: Double
    var resolution: Int
  }
}
