import Common

/// Validation accuracy against a cost, with each model's Pareto front.
struct TradeOffFigure {
  /// The cost of a network.
  enum Cost: CaseIterable {
    case flops, parameters, latency, activations

    /// The cost, above 0; nil if unknown.
    func amount(of point: GridPoint) -> Double? {
      let amount: Double? =
        switch self {
        case .flops: Double(point.cell.flops)
        case .parameters: Double(point.cell.params)
        case .latency: point.latencySeconds.map { 1000 * $0 }
        case .activations: point.cell.activationBytes.map { Double($0) }
        }
      return amount.flatMap { $0 > 0 ? $0 : nil }
    }
  }

  let cost: Cost
  let series: [Series]
  let experiment: String

  /// The figure; nil if nothing was validated or the cost is unknown.
  var figure: Figure? {
    let known = series.map { one in
      one.points.compactMap { point in
        cost.amount(of: point).flatMap { amount in
          point.accuracy.map { (amount: amount, accuracy: $0, point: point) }
        }
      }
    }
    let all = known.joined()
    let (left, right, top, bottom) = (70.0, 720.0, 76.0, 400.0)
    let reach = all.flatMap { entry in
      [
        entry.accuracy.mean - (entry.accuracy.deviation ?? 0),
        entry.accuracy.mean + (entry.accuracy.deviation ?? 0),
      ]
    }
    guard
      let horizontal = ChartAxis(
        texts.axis, values: all.map(\.amount), from: left, to: right, isLogarithmic: true,
        label: label),
      let vertical = ChartAxis(
        "validation accuracy", values: reach, from: bottom, to: top, limit: 1,
        label: Format.percentTick)
    else { return nil }
    var drawing = Drawing(width: 744, height: 458)
    drawing.text(title, x: 16, y: 26, size: 15, isBold: true)
    drawing.legend(series.filter { !known[$0.index].isEmpty }, x: 16, y: 50, hasLine: true)
    drawing.horizontal(horizontal, y: bottom, top: top)
    drawing.vertical(vertical, x: left, right: right, titleAt: 18)
    for (one, entries) in zip(series, known) {
      let front = ParetoFront.indices(entries.map { ($0.amount, $0.accuracy.mean) })
      drawing.path(
        front.compactMap { index in
          horizontal.position(entries[index].amount).flatMap { x in
            vertical.position(entries[index].accuracy.mean).map { (x, $0) }
          }
        }, stroke: Palette.series(one.index), kind: "line\(one.index % Palette.count)",
        dashes: Palette.dashes(one.index))
      for (amount, accuracy, point) in entries {
        guard let x = horizontal.position(amount), let y = vertical.position(accuracy.mean) else {
          continue
        }
        if let deviation = accuracy.deviation,
          let lower = vertical.position(accuracy.mean - deviation),
          let upper = vertical.position(accuracy.mean + deviation)
        {
          drawing.line(
            (x, lower), (x, upper),
            stroke: Palette.series(one.index), kind: "line\(one.index % Palette.count)")
        }
        drawing.mark(
          one.index, x: x, y: y, isHollow: !point.isFinished, tip: point.description)
      }
    }
    return Figure(id: texts.id, title: title, caption: caption, query: query, drawing)
  }

  private func label(_ amount: Double) -> String {
    switch cost {
    case .flops, .parameters: Format.compact(amount)
    case .latency: Drawing.number(amount)
    case .activations: Drawing.number(amount / 1e6)
    }
  }

  private var texts: (id: String, title: String, axis: String, column: String, caption: String) {
    switch cost {
    case .flops:
      (
        "accuracy-flops", "FLOPs", "FLOPs for one image", "flops",
        "FLOPs are twice the multiply-accumulates of one image's forward pass."
      )
    case .parameters:
      (
        "accuracy-parameters", "parameters", "trainable parameters", "params",
        "Networks of equal width are aligned vertically: resolution does not change the parameters."
      )
    case .latency:
      (
        "accuracy-latency", "measured latency", "latency of one image, ms", "latency_seconds",
        "Latency is the median time of one image's forward pass, on the machine that trained the network."
      )
    case .activations:
      (
        "accuracy-memory", "activation memory", "peak memory of feature maps for one image, MB",
        "activation_bytes",
        "Activation memory is the peak size of the float32 feature maps held at once for one image."
      )
    }
  }

  private var title: String { "Validation accuracy against \(texts.title)" }

  private var caption: String {
    let bars = series.contains { $0.points.contains { $0.accuracy?.deviation != nil } }
    return "Lines: each model's Pareto front. " + texts.caption
      + (bars ? " Bars are one standard deviation over the seeds." : "")
      + " Hollow marks: not finished."
  }

  private var query: String {
    """
    SELECT model, width, resolution, axes, avg(\(texts.column)) AS \(texts.column), avg(val_accuracy) AS val_accuracy
    \(Figure.source(experiment)) AND val_accuracy IS NOT NULL AND \(texts.column) IS NOT NULL
    GROUP BY model, width, resolution, axes;
    """
  }
}
