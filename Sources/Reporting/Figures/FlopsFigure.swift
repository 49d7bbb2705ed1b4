import Common

/// Floating-point operations by model, width and resolution.
struct FlopsFigure {
  let series: [Series]
  let experiment: String

  /// The figure; nil if no cell has FLOPs.
  var figure: Figure? {
    let counts = series.flatMap { $0.points.map { Double($0.cell.flops) } }
    let sides = series.flatMap { $0.points.map { Double($0.resolution) } }
    let (left, top, bottom) = (70.0, 78.0, 350.0)
    let panel = 230.0
    let pitch = panel + 62
    guard
      let vertical = ChartAxis(
        "FLOPs for one image", values: counts, from: bottom, to: top, isLogarithmic: true)
    else { return nil }
    var drawing = Drawing(
      width: left + pitch * Double(series.count) + 6, height: 412)
    drawing.text(title, x: 16, y: 26, size: 15, isBold: true)
    for (column, one) in series.enumerated() {
      let start = left + pitch * Double(column)
      guard
        let horizontal = ChartAxis(
          "resolution ρ, pixels", values: sides, from: start + 16, to: start + panel - 16,
          marks: Series.distinct(sides).sorted())
      else { continue }
      drawing.text(one.name, x: start, y: top - 14, isBold: true)
      drawing.horizontal(horizontal, y: bottom, top: top)
      drawing.line((start, bottom), (start + panel, bottom), stroke: Palette.quiet, kind: "axis")
      drawing.vertical(
        vertical, x: start, right: start + panel, titleAt: column == 0 ? 18 : nil,
        hasLabels: column == 0)
      for (row, width) in one.widths.enumerated() {
        let points = one.points.filter { $0.width == width }
          .sorted { $0.resolution < $1.resolution }
        let places = points.compactMap { point -> (x: Double, y: Double, point: GridPoint)? in
          guard let x = horizontal.position(Double(point.resolution)),
            let y = vertical.position(Double(point.cell.flops))
          else { return nil }
          return (x, y, point)
        }
        drawing.path(
          places.map { ($0.x, $0.y) }, stroke: Palette.series(one.index),
          kind: "line\(one.index % Palette.count)",
          width: 1.5, dashes: Palette.dashes(row))
        for place in places {
          drawing.mark(one.index, x: place.x, y: place.y, size: 3.5, tip: place.point.description)
        }
        if let last = places.last {
          drawing.text("α \(width)", x: last.x + 22, y: last.y + 4, size: 11)
        }
      }
    }
    return Figure(
      id: "flops", title: title,
      caption:
        "Floating-point operations of one image's forward pass, twice its multiply-accumulates.",
      query: """
        SELECT DISTINCT model, width, resolution, axes, macs, flops \(Figure.source(experiment));
        """, drawing)
  }

  private let title = "FLOPs by model, width and resolution"
}
