import Common

/// Parameters by model and width.
struct ParametersFigure {
  let series: [Series]
  let experiment: String

  /// The figure; nil if no cell has parameters.
  var figure: Figure? {
    let widths = Series.distinct(series.flatMap(\.widths))
    let counts = series.flatMap { $0.points.map { Double($0.cell.params) } }.filter { $0 > 0 }
    let barWidth = max(14, min(46, 560 / Double(max(1, widths.count * series.count))))
    let groupWidth = barWidth * Double(series.count) + 28
    let (left, top, bottom) = (64.0, 76.0, 330.0)
    let right = left + groupWidth * Double(widths.count)
    guard
      let axis = ChartAxis(
        "trainable parameters", values: counts, from: bottom, to: top, fromZero: true)
    else { return nil }
    var drawing = Drawing(width: max(right + 24, 560), height: 392)
    drawing.text(title, x: 16, y: 26, size: 15, isBold: true)
    drawing.legend(series, x: 16, y: 50)
    drawing.vertical(axis, x: left, right: right, titleAt: 18)
    for (group, width) in widths.enumerated() {
      let start = left + groupWidth * Double(group) + 14
      for one in series {
        guard
          let point = one.points.first(where: { $0.width == width && $0.cell.params > 0 }),
          let y = axis.position(Double(point.cell.params))
        else { continue }
        let x = start + barWidth * Double(one.index)
        drawing.rectangle(
          x: x + 1, y: y, width: barWidth - 2, height: bottom - y,
          fill: Palette.series(one.index), kind: "solid\(one.index % Palette.count)",
          tip: "\(one.name), α \(width)\n\(Format.grouped(point.cell.params)) parameters")
        if barWidth >= 26 {
          drawing.text(
            Format.fixed(Double(point.cell.params) / 1e6, decimals: 2), x: x + barWidth / 2,
            y: y - 5, anchor: .middle, size: 10)
        }
      }
      drawing.text(
        "\(width)", x: start + barWidth * Double(series.count) / 2, y: bottom + 16,
        anchor: .middle, size: 11, fill: Palette.quiet, kind: "quiet")
    }
    drawing.line((left, bottom), (right, bottom), stroke: Palette.quiet, kind: "axis")
    drawing.text("width multiplier α", x: (left + right) / 2, y: bottom + 38, anchor: .middle)
    return Figure(
      id: "parameters", title: title,
      caption:
        "Trainable parameters, in millions above the bars. They do not depend on the resolution.",
      query: """
        SELECT DISTINCT model, width, axes, params \(Figure.source(experiment));
        """, drawing)
  }

  private let title = "Parameters by model and width"
}
