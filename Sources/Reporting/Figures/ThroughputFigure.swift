import Common

/// Measured training throughput against multiply-accumulates.
struct ThroughputFigure {
  let series: [Series]
  let experiment: String

  /// The figure; nil if nothing was trained.
  var figure: Figure? {
    let known = series.map { one in
      one.points.compactMap { point in
        point.imagesPerSecond.map { (macs: Double(point.cell.macs), speed: $0, point: point) }
      }
    }
    let all = known.joined()
    let (left, right, top, bottom) = (70.0, 720.0, 76.0, 380.0)
    guard
      let horizontal = ChartAxis(
        "multiply-accumulates for one image", values: all.map(\.macs), from: left, to: right,
        isLogarithmic: true),
      let vertical = ChartAxis(
        "images trained per second", values: all.map(\.speed), from: bottom, to: top,
        isLogarithmic: true)
    else { return nil }
    var drawing = Drawing(width: 744, height: 438)
    drawing.text(title, x: 16, y: 26, size: 15, isBold: true)
    drawing.legend(series.filter { !known[$0.index].isEmpty }, x: 16, y: 50)
    drawing.horizontal(horizontal, y: bottom, top: top)
    drawing.vertical(vertical, x: left, right: right, titleAt: 18)
    for (one, entries) in zip(series, known) {
      for (macs, speed, point) in entries {
        guard let x = horizontal.position(macs), let y = vertical.position(speed) else { continue }
        drawing.mark(
          one.index, x: x, y: y,
          isHollow: !point.isFinished, tip: point.description)
      }
    }
    return Figure(
      id: "throughput", title: title,
      caption:
        "Training speed over all epochs, measured during the sweep; the same processors also prepare the images.",
      query: """
        SELECT model, width, resolution, axes, macs, avg(images_per_second) AS images_per_second
        \(Figure.source(experiment)) AND images_per_second IS NOT NULL
        GROUP BY model, width, resolution, axes;
        """, drawing)
  }

  private let title = "Training throughput against multiply-accumulates"
}
