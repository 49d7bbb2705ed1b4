/// Terminal colors and weights, or none.
package struct Paint: Sendable {
  package enum Style: Int, Sendable {
    case bold = 1
    case dim = 2
    /// Failure.
    case red = 31
    /// Success.
    case green = 32
    /// Unfinished.
    case yellow = 33
  }

  package let isOn: Bool

  package init(isOn: Bool) { self.isOn = isOn }

  package func callAsFunction(_ text: String, _ styles: Style...) -> String {
    guard isOn && !text.isEmpty && !styles.isEmpty else { return text }
    return "\u{1B}[\(styles.map { "\($0.rawValue)" }.joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  /// The text in a color between blue (0) and yellow (1), which color-blind readers can
  /// distinguish.
  package func shaded(_ text: String, _ fraction: Double) -> String {
    guard isOn && !text.isEmpty else { return text }
    let colors = [33, 39, 79, 149, 185, 221]
    let index = Int(((fraction > 0 ? min(1, fraction) : 0) * Double(colors.count - 1)).rounded())
    return "\u{1B}[38;5;\(colors[index])m\(text)\u{1B}[0m"
  }
}
