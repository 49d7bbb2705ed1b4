/// The number of terminal columns of a text.
package enum DisplayWidth {
  /// The width without color codes: 2 for wide characters, such as Chinese and emoji, 0 for control
  /// characters, 1 for others.
  package static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.utf8.count }
    var width = 0
    var isEscape = false
    for character in text {
      if character == "\u{1B}" {
        isEscape = true
      } else if isEscape {
        isEscape = character != "m"
      } else {
        width += columns(of: character)
      }
    }
    return width
  }

  /// A character is as wide as its widest scalar: combining marks add nothing.
  private static func columns(of character: Character) -> Int {
    var widest = 0
    for scalar in character.unicodeScalars {
      // A variation selector requests the emoji form of the previous scalar.
      if isWide(scalar) || scalar == "\u{FE0F}" { return 2 }
      switch scalar.properties.generalCategory {
      case .control, .format, .nonspacingMark, .enclosingMark: break
      default: widest = 1
      }
    }
    return widest
  }

  /// The East Asian Width classes W and F of Unicode Standard Annex 11, by block.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x1100: false
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD:
      true
    default: scalar.properties.isEmojiPresentation
    }
  }
}
