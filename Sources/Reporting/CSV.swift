import Common

/// Comma-separated values (RFC 4180), except that lines end with a newline.
package enum CSV {
  /// A header and rows; null is an empty field.
  package static func text(header: [String], rows: [[JSON]]) -> String {
    header.map(quoted).joined(separator: ",") + "\n" + lines(rows)
  }

  /// Rows without a header.
  package static func lines(_ rows: [[JSON]]) -> String {
    rows.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ value: JSON) -> String {
    switch value {
    case .null: ""
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): "\(value)"
    case .string(let value): quoted(value)
    case .array, .object: quoted(value.text)
    }
  }

  private static func quoted(_ text: String) -> String {
    // Bytes, since "\r\n" is one Character.
    guard text.utf8.contains(where: isSpecial) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
    default: false
    }
  }
}
