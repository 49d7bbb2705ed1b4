import Common
import Results

/// The cells of one model as a table: one row per width, one column per resolution.
struct GridTable {
  let title: String
  let rows: [ResultRow]
  /// The range of the finished cells' accuracies, which the colors cover.
  let scale: ClosedRange<Double>

  func text(paint: Paint) -> String {
    let resolutions = Series.distinct(rows.map(\.cell.resolution))
    let cells = Dictionary(grouping: rows) {
      Place(width: $0.cell.width, resolution: $0.cell.resolution)
    }
    let best = cells.values.compactMap { Self.accuracy($0)?.mean }.max()
    var table = TextTable(
      [("width", .right), ("params", .right)] + resolutions.map { ("\($0) px", .right) })
    for width in Series.distinct(rows.map(\.cell.width)) {
      let line = resolutions.map { cells[Place(width: width, resolution: $0)] ?? [] }
      let params = line.joined().first.map { Format.grouped($0.cell.params) } ?? ""
      table.add(["\(width)", params] + line.map { figure($0, best: best, paint: paint) })
      let macs = line.map { $0.first.map { Self.millions($0.cell.macs) } ?? "" }
      table.add(["", ""] + macs.map { paint($0, .dim) })
    }
    return paint(title, .bold) + "\n" + table.text
  }

  private static func millions(_ count: Int) -> String {
    Format.fixed(Double(count) / 1e6, decimals: 1) + " M"
  }

  private static func accuracy(_ seeds: [ResultRow]) -> SampleSummary? {
    SampleSummary(seeds.compactMap(\.valAccuracy))
  }

  private func figure(_ seeds: [ResultRow], best: Double?, paint: Paint) -> String {
    guard !seeds.isEmpty else { return "" }
    for status in [CellStatus.failed, .diverged]
    where seeds.contains(where: { $0.status == status }) {
      return paint(status.rawValue, .red)
    }
    guard let accuracy = Self.accuracy(seeds) else {
      let isRunning = seeds.contains { $0.status == .running }
      return isRunning ? paint("running", .yellow) : paint("·", .dim)
    }
    let text = accuracy.percentText
    if seeds.contains(where: \.isUnfinished) { return paint("~" + text, .dim) }
    let span = scale.upperBound - scale.lowerBound
    let shaded = paint.shaded(text, span > 0 ? (accuracy.mean - scale.lowerBound) / span : 1)
    return accuracy.mean == best ? paint(shaded, .bold) : shaded
  }

  private struct Place: Hashable {
    var width: Double
    var resolution: Int
  }
}
