/// A JSON document to write: members keep their order, numbers are shortest round-trip.
package enum JSON: Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// A number; values that JSON lacks (NaN, ±∞) are written as `null`.
  case number(Double)
  case string(String)
  case array([JSON])
  /// An object; names must be unique.
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSON

    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  package static func integer(_ value: Int?) -> JSON { value.map(JSON.integer) ?? .null }
  package static func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
  package static func string(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }

  /// The document on one line, without spaces.
  package var text: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  /// The document with one line per element of the outermost list or object, for people and `diff`.
  ///
  /// Objects in a list of the outermost object have lines of their own too.
  package var lines: String {
    var text = ""
    write(to: &text, indent: "  ")
    return text
  }

  private func write(to text: inout String, indent: String?) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.quote(value, to: &text)
    case .array(let elements):
      Self.write(elements, between: "[", and: "]", to: &text, indent: indent) { element, text in
        element.write(to: &text, indent: nil)
      }
    case .object(let members):
      Self.write(members, between: "{", and: "}", to: &text, indent: indent) { member, text in
        Self.quote(member.name, to: &text)
        text += indent == nil ? ":" : ": "
        guard let indent, case .array(let elements) = member.value,
          elements.contains(where: \.isObject)
        else { return member.value.write(to: &text, indent: nil) }
        Self.write(elements, between: "[", and: "\(indent)]", to: &text, indent: indent + indent) {
          $0.write(to: &$1, indent: nil)
        }
      }
    }
  }

  private var isObject: Bool {
    if case .object = self { true } else { false }
  }

  private static func write<Item>(
    _ items: [Item], between open: String, and close: String, to text: inout String,
    indent: String?, item: (Item, inout String) -> Void
  ) {
    text += open
    for (index, element) in items.enumerated() {
      if index > 0 { text += "," }
      if let indent { text += "\n" + indent }
      item(element, &text)
    }
    if indent != nil && !items.isEmpty { text += "\n" }
    text += close
  }

  private static func quote(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  package init(dictionaryLiteral members: (String, JSON)...) {
    self = .object(members.map { Member($0, $1) })
  }

  package init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// An object with the members of both.
  package static func + (first: JSON, second: JSON) -> JSON {
    guard case .object(let left) = first, case .object(let right) = second else { return first }
    return .object(left + right)
  }
}

extension JSON {
  /// An object that a command prints for scripts, with its name and the version of its shape.
  ///
  /// `experiments/listings.schema.json` describes each. Members may be added within a version; a
  /// member that changes or disappears makes a new one.
  package static func listing(_ name: String, version: Int = 1, _ members: Member...) -> JSON {
    listing(name, version: version, members)
  }

  package static func listing(_ name: String, version: Int = 1, _ members: [Member]) -> JSON {
    .object([Member("listing", .string(name)), Member("version", .integer(version))] + members)
  }
}
