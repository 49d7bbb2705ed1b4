/// A JSON value (RFC 8259) with its position in the file.
package struct JSONValue: Sendable {
  /// A value; numbers keep their digits as written.
  package enum Kind: Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])
  }

  package struct Member: Sendable {
    package let key: String
    /// The byte offset of the key in the file.
    package let keyOffset: Int
    package let value: JSONValue
  }

  package let kind: Kind
  /// The byte offset of the value in the file.
  package let offset: Int
  /// The original index in its list, if earlier elements were removed.
  var index: Int?

  /// The value in a few words, for "expected …, found …".
  package var summary: String {
    switch kind {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .number(let digits): "the number \(digits.shortened)"
    case .string(let text): "the string \(text.shortened.quoted)"
    case .array: "a list"
    case .object: "an object"
    }
  }

  package func member(_ key: String) -> Member? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key == key }
  }

  /// The elements of a list of integers; nil for anything else.
  package var integers: [Int]? {
    guard case .array(let elements) = kind else { return nil }
    let integers = elements.compactMap { element in
      if case .number(let digits) = element.kind { Int(digits) } else { nil }
    }
    return integers.count == elements.count ? integers : nil
  }

  /// The members of an object of strings; nil for anything else.
  package var strings: [String: String]? {
    guard case .object(let members) = kind else { return nil }
    var strings: [String: String] = [:]
    for member in members {
      guard case .string(let text) = member.value.kind else { return nil }
      strings[member.key] = text
    }
    return strings
  }

  /// The canonical form: members sorted by key, numbers in their shortest form, without the members
  /// `keys`.
  package func canonical(without keys: Set<String> = []) -> JSON {
    switch kind {
    case .null: .null
    case .boolean(let value): .boolean(value)
    case .number(let digits): Int(digits).map(JSON.integer) ?? Self.number(Double(digits))
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map { $0.canonical() })
    case .object(let members):
      .object(
        members.filter { !keys.contains($0.key) }.sorted { $0.key < $1.key }
          .map { JSON.Member($0.key, $0.value.canonical()) })
    }
  }

  /// Whole numbers are the same with and without decimals: `1` and `1.0`.
  private static func number(_ value: Double?) -> JSON {
    value.flatMap { Int(exactly: $0) }.map(JSON.integer) ?? .number(value)
  }
}

extension String {
  package var quoted: String { JSON.string(self).text }

  /// The text truncated to fit in an error line.
  package var shortened: String { count > 40 ? prefix(39) + "…" : self }
}
