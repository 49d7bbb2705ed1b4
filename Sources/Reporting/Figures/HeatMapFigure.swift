import Common

/// Validation accuracy over width and resolution: one map per model, all on one color scale.
struct HeatMapFigure {
  let series: [Series]
  let experiment: String

  private static let cellWidth = 62.0
  private static let cellHeight = 40.0

  /// The figure; nil if nothing was validated.
  var figure: Figure? {
    let maps = series.filter { $0.points.contains { $0.accuracy != nil } }
    let values = maps.flatMap { $0.points.compactMap { $0.accuracy?.mean } }
    guard let low = values.min(), let high = values.max() else { return nil }
    let columns = maps.map { max($0.resolutions.count, 1) }.max() ?? 1
    let rows = maps.map(\.widths.count).max() ?? 1
    let (left, top) = (52.0, 84.0)
    let mapWidth = Self.cellWidth * Double(columns)
    let pitch = mapWidth + 44
    let perLine = max(1, min(maps.count, Int(1100 / pitch)))
    let lines = (maps.count + perLine - 1) / perLine
    let mapHeight = Self.cellHeight * Double(rows)
    let linePitch = mapHeight + 86
    var drawing = Drawing(
      width: max(left + pitch * Double(perLine) + 8, 420),
      height: top + linePitch * Double(lines) + 34)
    drawing.text(title, x: 16, y: 26, size: 15, isBold: true)
    for (place, one) in maps.enumerated() {
      let x = left + pitch * Double(place % perLine)
      let y = top + linePitch * Double(place / perLine)
      draw(one, x: x, y: y, scale: (low, high), isFirst: place % perLine == 0, in: &drawing)
    }
    scale(
      from: low, to: high, x: left, y: top + linePitch * Double(lines) - 8, in: &drawing)
    return Figure(
      id: "accuracy-grid", title: title,
      caption:
        "Accuracy on the validation images after the last epoch, in percent; all maps share one color scale"
        + (isSeveral ? "; mean over the seeds, standard deviation below" : "")
        + (series.contains { !$0.points.allSatisfy(\.isFinished) } ? ". ~: not finished." : "."),
      query: """
        SELECT model, width, resolution, axes, avg(val_accuracy) AS val_accuracy, count(val_accuracy) AS seeds
        \(Figure.source(experiment)) AND val_accuracy IS NOT NULL
        GROUP BY model, width, resolution, axes;
        """, drawing)
  }

  private let title = "Validation accuracy over width and resolution"

  private var isSeveral: Bool {
    series.contains { $0.points.contains { $0.accuracy?.deviation != nil } }
  }

  private func draw(
    _ one: Series, x: Double, y: Double, scale: (low: Double, high: Double), isFirst: Bool,
    in drawing: inout Drawing
  ) {
    drawing.text(one.name, x: x, y: y - 14, isBold: true)
    let resolutions = one.resolutions.sorted()
    let widths = one.widths.sorted(by: >)
    for (row, width) in widths.enumerated() {
      let rowY = y + Self.cellHeight * Double(row)
      drawing.text(
        "\(width)", x: x - 7, y: rowY + 25, anchor: .end, size: 11, fill: Palette.quiet,
        kind: "quiet")
      for (column, resolution) in resolutions.enumerated() {
        let cellX = x + Self.cellWidth * Double(column)
        guard let point = one.point(width: width, resolution: resolution),
          let accuracy = point.accuracy
        else { continue }
        let span = scale.high - scale.low
        let color = Palette.heat(span > 0 ? (accuracy.mean - scale.low) / span : 1)
        drawing.rectangle(
          x: cellX, y: rowY, width: Self.cellWidth - 2, height: Self.cellHeight - 2,
          fill: color.fill, tip: point.description)
        let deviation = accuracy.deviation
        drawing.text(
          (point.isFinished ? "" : "~") + Format.fixed(100 * accuracy.mean, decimals: 1),
          x: cellX + Self.cellWidth / 2 - 1, y: rowY + (deviation == nil ? 24 : 18),
          anchor: .middle, fill: color.ink, kind: "on-heat")
        if let deviation {
          drawing.text(
            "± \(Format.fixed(100 * deviation, decimals: 1))",
            x: cellX + Self.cellWidth / 2 - 1, y: rowY + 31, anchor: .middle, size: 9.5,
            fill: color.ink, kind: "on-heat")
        }
      }
    }
    let bottom = y + Self.cellHeight * Double(widths.count)
    for (column, resolution) in resolutions.enumerated() {
      drawing.text(
        "\(resolution)", x: x + Self.cellWidth * (Double(column) + 0.5), y: bottom + 15,
        anchor: .middle, size: 11, fill: Palette.quiet, kind: "quiet")
    }
    drawing.text(
      "resolution ρ, pixels", x: x + Self.cellWidth * Double(resolutions.count) / 2,
      y: bottom + 34, anchor: .middle)
    if isFirst {
      drawing.text(
        "width α", x: 16, y: (y + bottom) / 2, anchor: .middle, rotated: true)
    }
  }

  private func scale(
    from low: Double, to high: Double, x: Double, y: Double, in drawing: inout Drawing
  ) {
    let (steps, width) = (60, 4.0)
    for step in 0..<steps {
      drawing.rectangle(
        x: x + width * Double(step), y: y, width: width + 0.5, height: 10,
        fill: Palette.heat(Double(step) / Double(steps - 1)).fill)
    }
    drawing.text(Format.percent(low), x: x, y: y + 25, size: 11)
    drawing.text(
      Format.percent(high), x: x + width * Double(steps), y: y + 25, anchor: .end, size: 11)
  }
}
