/// Escapes text for HTML, XML and SQL.
package enum Markup {
  /// Text escaped for elements and attributes of HTML and SVG; control characters become
  /// `\u{FFFD}`.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      // XML allows no other control characters, even escaped.
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A quoted SQL string.
  static func sql(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  /// An HTML file with `{{name}}` replaced by values; placeholders in values are not replaced.
  package static func fill(_ template: [UInt8], _ values: [String: String]) -> String {
    let parts = String(decoding: template, as: UTF8.self).split(
      separator: "{{", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(into: String(parts[0])) { text, part in
      guard let end = part.firstRange(of: "}}") else { return }
      text += values[String(part[..<end.lowerBound]), default: ""] + part[end.upperBound...]
    }
  }
}
