import Common
import Foundation

/// One direction of a chart: which values there are and where they lie.
struct Axis {
  /// What it measures, and in what unit.
  let title: String
  /// Where its ends lie in the drawing.
  let start: Double
  let end: Double
  let isLogarithmic: Bool
  /// The values that are marked, and how.
  let ticks: [(value: Double, label: String)]
  private let low: Double
  private let high: Double

  /// An axis for `values`, which are finite and, on a logarithmic one, positive; nil where there
  /// are none.
  ///
  /// With `fromZero`, a linear axis begins at 0. It reaches to round numbers, or from the least to
  /// the largest value where it is told which values to mark.
  init?(
    _ title: String, values: [Double], from start: Double, to end: Double,
    isLogarithmic: Bool = false, fromZero: Bool = false, limit: Double = .infinity, ticks: Int = 5,
    marks given: [Double]? = nil,
    label: (Double) -> String = Format.compact
  ) {
    guard var low = values.min(), var high = values.max() else { return nil }
    self.title = title
    self.start = start
    self.end = end
    self.isLogarithmic = isLogarithmic
    let marks: [Double]
    if isLogarithmic {
      (low, high) = (low / 1.15, high * 1.15)
      marks = Self.logarithmicTicks(low, high)
    } else if let given {
      if high == low { (low, high) = (low - 1, high + 1) }
      marks = given
    } else {
      if fromZero { low = min(0, low) }
      if high == low { high = low + max(abs(low) * 0.1, 0.01) }
      let step = Self.step((high - low) / Double(ticks))
      low = (low / step + 1e-9).rounded(.down) * step
      high = min(limit, (high / step - 1e-9).rounded(.up) * step)
      marks = (0...Int(((high - low) / step + 1e-9).rounded(.down))).map { low + Double($0) * step }
    }
    self.low = low
    self.high = high
    self.ticks = marks.map { ($0, label($0)) }
  }

  /// Where a value lies.
  func position(_ value: Double) -> Double {
    let fraction =
      isLogarithmic
      ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
    return start + fraction * (end - start)
  }

  /// A step of 1, 2 or 5 times a power of ten, at least `least`.
  private static func step(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    return ([1.0, 2, 5].first { $0 * power >= least * 0.999 } ?? 10) * power
  }

  /// Powers of ten, and 2 and 5 times these where there is room for them.
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

extension Format {
  /// A fraction beside an axis: `70 %`, `72.5 %`.
  static func percentTick(_ fraction: Double) -> String {
    let percent = 100 * fraction
    let isWhole = abs(percent - percent.rounded()) < 1e-6
    return fixed(percent, decimals: isWhole ? 0 : 1) + " %"
  }
}

extension Drawing {
  /// A horizontal axis at height `y`, with lines up to `top`.
  mutating func horizontal(_ axis: Axis, y: Double, top: Double, hasTitle: Bool = true) {
    for tick in axis.ticks {
      let x = axis.position(tick.value)
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
    _ axis: Axis, x: Double, right: Double, titleAt titleX: Double? = nil, hasLabels: Bool = true
  ) {
    for tick in axis.ticks {
      let y = axis.position(tick.value)
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

  /// The marks and names of series in a row.
  ///
  /// It begins at `x`, and `y` is the line of text. `hasLine` draws their dashes too.
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
