import Common
import Foundation

/// One axis of a chart: a validated scale with its ticks.
///
/// The ends of a scale are finite, the lower below the upper. Values that it cannot show have no
/// position, so any stored figure can be drawn.
struct ChartAxis {
  /// The quantity and its unit.
  let title: String
  /// The positions of its ends in the drawing.
  let start: Double
  let end: Double
  let isLogarithmic: Bool
  /// The ticks and their labels.
  let ticks: [(value: Double, label: String)]
  private let low, high: Double

  /// An axis for the values that it can show; nil if there are none.
  ///
  /// With `fromZero`, a linear axis starts at 0. It ends at round numbers, or at the smallest and
  /// largest value if ticks are given.
  init?(
    _ title: String, values: [Double], from start: Double, to end: Double,
    isLogarithmic: Bool = false, fromZero: Bool = false, limit: Double = .infinity, ticks: Int = 5,
    marks given: [Double]? = nil,
    label: (Double) -> String = Format.compact
  ) {
    let values = values.filter { Self.canShow($0, isLogarithmic: isLogarithmic) }
    guard var low = values.min(), var high = values.max() else { return nil }
    self.title = title
    self.start = start
    self.end = end
    self.isLogarithmic = isLogarithmic
    // Values that differ by rounding error are drawn as one.
    let isOne = high - low <= 1e-9 * max(abs(low), abs(high), 1e-6)
    let marks: [Double]
    if isLogarithmic {
      (low, high) = (low / 1.15, high * 1.15)
      marks = Self.logarithmicTicks(low, high)
    } else if let given {
      if isOne { (low, high) = (low - 1, high + 1) }
      marks = given
    } else {
      if fromZero { low = min(0, low) }
      if isOne { high = low + max(abs(high), abs(low)) * 0.1 + 0.01 }
      let step = Self.step((high - low) / Double(ticks))
      low = (low / step + 1e-9).rounded(.down) * step
      high = min(limit, (high / step - 1e-9).rounded(.up) * step)
      marks = stride(from: low, through: high + 1e-9 * step, by: step).map { $0 }
    }
    guard low < high else { return nil }
    self.low = low
    self.high = high
    self.ticks = marks.map { ($0, label($0)) }
  }

  /// The position of a value; nil if the axis cannot show it.
  func position(_ value: Double) -> Double? {
    guard Self.canShow(value, isLogarithmic: isLogarithmic) else { return nil }
    let fraction =
      isLogarithmic
      ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
    return start + fraction * (end - start)
  }

  private static func canShow(_ value: Double, isLogarithmic: Bool) -> Bool {
    value.magnitude < 1e200 && (!isLogarithmic || value > 1e-200)
  }

  /// A step of 1, 2 or 5 times a power of ten, at least `least`.
  private static func step(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    return ([1.0, 2, 5].first { $0 * power >= least * 0.999 } ?? 10) * power
  }

  /// Powers of ten, and 2 and 5 times these if there is room.
  private static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    for factors in [[1.0], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]] {
      let ticks = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
        .filter { $0 >= low && $0 <= high }
      if ticks.count >= 4 || factors.count == 6 { return ticks }
    }
    return []
  }
}

extension Drawing {
  /// A horizontal axis at height `y`, with lines up to `top`.
  mutating func horizontal(_ axis: ChartAxis, y: Double, top: Double, hasTitle: Bool = true) {
    for tick in axis.ticks {
      guard let x = axis.position(tick.value) else { continue }
      line((x, y), (x, top))
      text(
        tick.label, x: x, y: y + 16, anchor: .middle, size: 11, fill: Palette.quiet, kind: "quiet")
    }
    line((axis.start, y), (axis.end, y), stroke: Palette.quiet, kind: "axis")
    if hasTitle {
      text(axis.title, x: (axis.start + axis.end) / 2, y: y + 36, anchor: .middle)
    }
  }

  /// A vertical axis at `x`, with lines to `right`.
  mutating func vertical(
    _ axis: ChartAxis, x: Double, right: Double, titleAt titleX: Double? = nil,
    hasLabels: Bool = true
  ) {
    for tick in axis.ticks {
      guard let y = axis.position(tick.value) else { continue }
      line((x, y), (right, y))
      if hasLabels {
        text(
          tick.label, x: x - 6, y: y + 4, anchor: .end, size: 11, fill: Palette.quiet, kind: "quiet"
        )
      }
    }
    line((x, axis.start), (x, axis.end), stroke: Palette.quiet, kind: "axis")
    if let titleX {
      text(
        axis.title, x: titleX, y: (axis.start + axis.end) / 2, anchor: .middle, rotated: true)
    }
  }

  /// The marks and names of series in a row that starts at `x` with its baseline at `y`.
  ///
  /// `hasLine` also draws their dash patterns.
  mutating func legend(_ series: [Series], x: Double, y: Double, hasLine: Bool = false) {
    var x = x
    for one in series {
      let mark = hasLine ? 28.0 : 12.0
      if hasLine {
        path(
          [(x, y - 4), (x + mark, y - 4)], stroke: Palette.series(one.index),
          kind: "line\(one.index % Palette.count)", dashes: Palette.dashes(one.index))
      }
      self.mark(one.index, x: x + mark / 2, y: y - 4)
      text(one.name, x: x + mark + 6, y: y)
      x += mark + 6 + Double(one.name.count) * 7 + 22
    }
  }
}
