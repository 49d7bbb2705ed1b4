import Common

/// Validation accuracy against a cost, with each model's Pareto front.
struct TradeOffFigure {
  /// What a network costs.
  enum Cost: CaseIterable {
    case flops, parameters, latency, activations
  }

  let cost: Cost
  let series: [Series]
  let experiment: String

  /// The figure; nil where nothing was validated or the cost is not known.
  var figure: Figure? {
    let known = series.map { one in
      one.points.compactMap { point in
        amount(point).flatMap { amount in
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
      let horizontal = Axis(
        axisTitle, values: all.map(\.amount), from: left, to: right, isLogarithmic: true,
        label: label),
      let vertical = Axis(
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
        front.map {
          (
            horizontal.position(entries[$0].amount),
            vertical.position(entries[$0].accuracy.mean)
          )
        }, stroke: Palette.series(one.index), kind: "line\(one.index % Palette.count)",
        dashes: Palette.dashes(one.index))
      for (amount, accuracy, point) in entries {
        let (x, y) = (horizontal.position(amount), vertical.position(accuracy.mean))
        if let deviation = accuracy.deviation {
          drawing.line(
            (x, vertical.position(accuracy.mean - deviation)),
            (x, vertical.position(accuracy.mean + deviation)),
            stroke: Palette.series(one.index), kind: "line\(one.index % Palette.count)")
        }
        drawing.mark(
          one.index, x: x, y: y, isHollow: !point.isFinished, tip: point.description)
      }
    }
    return Figure(id: id, title: title, caption: caption, query: query, drawing)
  }

  private func amount(_ point: GridPoint) -> Double? {
    switch cost {
    case .flops: Double(point.cell.flops)
    case .parameters: Double(point.cell.params)
    case .latency: point.latencySeconds.map { 1000 * $0 }
    case .activations: point.cell.activationBytes.map { Double($0) }
    }
  }

  private func label(_ amount: Double) -> String {
    switch cost {
    case .flops, .parameters: Format.compact(amount)
    case .latency: Drawing.number(amount)
    case .activations: Drawing.number(amount / 1e6)
    }
  }

  private var id: String {
    switch cost {
    case .flops: "accuracy-flops"
    case .parameters: "accuracy-parameters"
    case .latency: "accuracy-latency"
    case .activations: "accuracy-memory"
    }
  }

  private var title: String {
    switch cost {
    case .flops: "Validation accuracy against FLOPs"
    case .parameters: "Validation accuracy against parameters"
    case .latency: "Validation accuracy against measured latency"
    case .activations: "Validation accuracy against activation memory"
    }
  }

  private var axisTitle: String {
    switch cost {
    case .flops: "FLOPs for one image"
    case .parameters: "trainable parameters"
    case .latency: "latency of one image, ms"
    case .activations: "most memory of feature maps for one image, MB"
    }
  }

  private var column: String {
    switch cost {
    case .flops: "flops"
    case .parameters: "params"
    case .latency: "latency_seconds"
    case .activations: "activation_bytes"
    }
  }

  private var caption: String {
    let front =
      "Lines join the networks of a model that none of its cheaper ones matches (its Pareto front). "
    let bars = series.contains { $0.points.contains { $0.accuracy?.deviation != nil } }
    let what =
      switch cost {
      case .flops: "FLOPs are twice the multiply-accumulates of one image's forward pass."
      case .parameters:
        "Each width is a column of its own, for the resolution does not change the parameters."
      case .latency:
        "Latency is the median time of one image's forward pass where the network was trained."
      case .activations:
        "The most bytes of float32 feature maps that are alive at once for one image."
      }
    return front + what + (bars ? " Bars are one standard deviation over the seeds." : "")
      + " Hollow marks are not finished."
  }

  private var query: String {
    """
    SELECT model, width, resolution, axes, avg(\(column)) AS \(column), avg(val_accuracy) AS val_accuracy
    \(Figure.source(experiment)) AND val_accuracy IS NOT NULL AND \(column) IS NOT NULL
    GROUP BY model, width, resolution, axes;
    """
  }
}
