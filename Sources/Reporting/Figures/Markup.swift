/// Text in HTML, XML and SQL.
package enum Markup {
  /// Text that is only text inside an element or an attribute of HTML or SVG; control characters
  /// become `\u{FFFD}`.
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
      // XML knows no other control characters, however they are written.
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A string as SQL has it, in quotes.
  static func sql(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  /// An HTML file with `{{name}}` replaced by values, which may hold such text themselves.
  package static func fill(_ template: [UInt8], _ values: [String: String]) -> String {
    let parts = String(decoding: template, as: UTF8.self).split(
      separator: "{{", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(into: String(parts[0])) { text, part in
      guard let end = part.firstRange(of: "}}") else { return }
      text += values[String(part[..<end.lowerBound]), default: ""] + part[end.upperBound...]
    }
  }
}
