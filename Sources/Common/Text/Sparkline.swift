/// A curve as one line of block characters: `▁▃▅▇█`.
package enum Sparkline {
  /// One character per value, at most `width`; more values are sampled at even intervals, including
  /// the last.
  ///
  /// The lowest value is `▁`, the highest `█`; `·` is a value that is not finite.
  package static func text(_ values: [Double], width: Int = 40) -> String {
    let count = min(values.count, width)
    let shown = (0..<count).map { values[($0 + 1) * values.count / count - 1] }
    let finite = shown.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else {
      return String(repeating: "·", count: count)
    }
    let blocks = Array("▁▂▃▄▅▆▇█")
    return String(
      shown.map { value in
        guard value.isFinite else { return "·" }
        let share = most > least ? (value - least) / (most - least) : 0.5
        return blocks[min(7, Int(share * 8))]
      })
  }
}
