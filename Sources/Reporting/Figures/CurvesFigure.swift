import Common
import Results

/// Training and validation curves of a series: one small chart per cell, width by resolution.
struct CurvesFigure {
  enum Quantity: CaseIterable {
    case accuracy, loss
  }

  let quantity: Quantity
  let series: Series
  let histories: [String: [EpochRecord]]
  let experiment: String

  private static let panel = (width: 150.0, height: 104.0)

  /// The figure; nil if no cell has an epoch.
  var figure: Figure? {
    let widths = series.widths.sorted(by: >)
    let resolutions = series.resolutions.sorted()
    let records = series.points.flatMap { $0.rows.flatMap { histories[$0.cell.id] ?? [] } }
    let values = records.flatMap { [train($0), val($0)] }.compactMap(\.self).filter(\.isFinite)
    guard let last = records.map(\.epoch).max(), !values.isEmpty else { return nil }
    let (left, top) = (74.0, 92.0)
    let (pitchX, pitchY) = (Self.panel.width + 14, Self.panel.height + 22)
    var drawing = Drawing(
      width: max(left + pitchX * Double(resolutions.count) + 10, 440),
      height: top + pitchY * Double(widths.count) + 34)
    drawing.text(title, x: 16, y: 26, size: 15, isBold: true)
    legend(in: &drawing)
    for (column, resolution) in resolutions.enumerated() {
      let x = left + pitchX * Double(column)
      drawing.text(
        "\(resolution) px", x: x + Self.panel.width / 2, y: top - 10, anchor: .middle, isBold: true)
      for (row, width) in widths.enumerated() {
        guard let point = series.point(width: width, resolution: resolution) else { continue }
        let y = top + pitchY * Double(row)
        let attributes =
          "data-box=\"\(Drawing.number(x - 34)) \(Drawing.number(y - 8)) "
          + "\(Drawing.number(Self.panel.width + 44)) \(Drawing.number(Self.panel.height + 30))\""
        drawing.group(kind: "panel", attributes: attributes, tip: point.description) {
          draw(point, x: x, y: y, epochs: last, values: values, isFirst: column == 0, in: &$0)
        }
      }
    }
    for (row, width) in widths.enumerated() {
      drawing.text(
        "α \(width)", x: 22, y: top + pitchY * Double(row) + Self.panel.height / 2,
        anchor: .middle, isBold: true, rotated: true)
    }
    drawing.text(
      "epoch", x: left + (pitchX * Double(resolutions.count) - 14) / 2,
      y: top + pitchY * Double(widths.count) + 20, anchor: .middle)
    return Figure(
      id: id, title: title,
      caption: quantity == .accuracy
        ? "Accuracy by epoch. Training accuracy is the running value while the weights change."
        : "Mean cross-entropy by epoch. Training loss is the running value while the weights change.",
      query: """
        SELECT cell, epoch, \(quantity == .accuracy ? "train_accuracy, val_accuracy" : "train_loss, val_loss")
        FROM history WHERE experiment = \(Markup.sql(experiment)) AND model = \(Markup.sql(model));
        """, drawing)
  }

  private var model: String { series.points.first?.cell.model ?? "" }

  private var id: String {
    let letters = series.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return
      "\(quantity == .accuracy ? "accuracy" : "loss")-curves-\(series.index)-\(String(letters))"
  }

  private var title: String {
    "\(quantity == .accuracy ? "Accuracy" : "Loss") by epoch: \(series.name)"
  }

  private func train(_ record: EpochRecord) -> Double? {
    quantity == .accuracy ? record.trainAccuracy : record.trainLoss
  }

  private func val(_ record: EpochRecord) -> Double? {
    quantity == .accuracy ? record.valAccuracy : record.valLoss
  }

  private func legend(in drawing: inout Drawing) {
    for (text, x, dashes) in [("validation", 16.0, ""), ("training", 132.0, "3 3")] {
      drawing.path(
        [(x, 46), (x + 28, 46)], stroke: Palette.series(series.index),
        kind: "line\(series.index % Palette.count)", width: 1.75, dashes: dashes)
      drawing.text(text, x: x + 34, y: 50)
    }
  }

  /// The epochs with ticks: the first, the last, and up to three in between.
  private static func marks(_ epochs: Int) -> [Double] {
    guard epochs > 1 else { return [1] }
    let step = max(1, (epochs + 3) / 4)
    let inner = stride(from: step, to: epochs - step / 2, by: step).filter { $0 > 1 }
    return Series.distinct(([1] + inner + [epochs]).map { Double($0) })
  }

  private func draw(
    _ point: GridPoint, x: Double, y: Double, epochs: Int, values: [Double],
    isFirst: Bool, in drawing: inout Drawing
  ) {
    let bottom = y + Self.panel.height
    let right = x + Self.panel.width
    let isAccuracy = quantity == .accuracy
    let marks = Self.marks(epochs)
    guard
      let vertical = ChartAxis(
        "", values: values, from: bottom, to: y, fromZero: isAccuracy,
        limit: isAccuracy ? 1 : .infinity, ticks: 5,
        label: isAccuracy ? Format.percentTick : Drawing.number),
      let horizontal = ChartAxis(
        "", values: [1, Double(max(epochs, 2))], from: x, to: right, marks: marks,
        label: { Format.fixed($0, decimals: 0) })
    else { return }
    // Make the whole panel respond to the pointer, not only its lines.
    drawing.rectangle(
      x: x, y: y, width: Self.panel.width, height: Self.panel.height, fill: Palette.ground,
      kind: "ground")
    drawing.vertical(vertical, x: x, right: right, hasLabels: false)
    // Inner panels show labels only when enlarged.
    drawing.group(kind: "labels", attributes: isFirst ? "" : "display=\"none\"") { drawing in
      for tick in vertical.ticks {
        guard let place = vertical.position(tick.value) else { continue }
        drawing.text(
          tick.label, x: x - 4, y: place + 3, anchor: .end, size: 9,
          fill: Palette.quiet, kind: "quiet")
      }
    }
    for tick in horizontal.ticks {
      guard let place = horizontal.position(tick.value) else { continue }
      drawing.text(
        tick.label, x: place, y: bottom + 12, anchor: .middle,
        size: 9, fill: Palette.quiet, kind: "quiet")
    }
    drawing.line((x, bottom), (right, bottom), stroke: Palette.quiet, kind: "axis")
    for row in point.rows {
      let records = histories[row.cell.id] ?? []
      for (value, dashes) in [(train, "3 3"), (val, "")] {
        let places = records.compactMap { record -> (x: Double, y: Double)? in
          guard let y = value(record).flatMap(vertical.position),
            let x = horizontal.position(Double(record.epoch))
          else { return nil }
          return (x, y)
        }
        drawing.path(
          places, stroke: Palette.series(series.index),
          kind: "line\(series.index % Palette.count)", width: 1.5, dashes: dashes)
        if places.count == 1, let place = places.first, dashes.isEmpty {
          drawing.mark(series.index, x: place.x, y: place.y, size: 3)
        }
      }
    }
    if point.rows.contains(where: { $0.status == .diverged || $0.status == .failed }) {
      drawing.text(
        point.rows.contains { $0.status == .diverged } ? "diverged" : "failed",
        x: right - 4, y: y + 14, anchor: .end, size: 11)
    }
  }
}
