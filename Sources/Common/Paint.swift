/// Colours and weights of text on a terminal, or none of them.
public struct Paint: Sendable {
  /// A way to set text off.
  public enum Style: Int, Sendable {
    /// Heavier.
    case bold = 1
    /// Fainter.
    case dim = 2
    /// For what went wrong.
    case red = 31
    /// For the best.
    case green = 32
    /// For what is not finished.
    case yellow = 33
  }

  /// Whether text is painted at all.
  public let isOn: Bool

  /// Paints where `isOn`; else every text stays plain.
  public init(isOn: Bool) {
    self.isOn = isOn
  }

  /// The text in the given styles.
  public func callAsFunction(_ text: String, _ styles: Style...) -> String {
    guard isOn && !text.isEmpty && !styles.isEmpty else { return text }
    return "\u{1B}[\(styles.map { "\($0.rawValue)" }.joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  /// How many columns a text takes once its colours are taken out.
  static func width(of text: String) -> Int {
    var width = 0
    var isEscape = false
    for character in text {
      if character == "\u{1B}" {
        isEscape = true
      } else if isEscape {
        isEscape = character != "m"
      } else {
        width += 1
      }
    }
    return width
  }
}
