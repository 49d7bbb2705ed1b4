import Common

/// A JSON value (RFC 8259) and where in its file it begins.
struct JSONValue: Sendable {
  /// What it holds; a number keeps its digits as written.
  enum Kind: Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])
  }

  /// One key of an object with its value.
  struct Member: Sendable {
    let key: String
    /// Where the key begins, in bytes from the start of the file.
    let keyOffset: Int
    let value: JSONValue
  }

  let kind: Kind
  /// Where the value begins, in bytes from the start of the file.
  let offset: Int

  /// The value in a few words, for "expected …, found …".
  var summary: String {
    switch kind {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .number(let digits): "the number \(digits.shortened)"
    case .string(let text): "the string \(text.shortened.quoted)"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The member of that name, where this is an object that has it.
  func member(_ key: String) -> Member? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key == key }
  }
}

extension String {
  /// The text as a JSON string.
  var quoted: String { JSON.string(self).text }

  /// The text cut to what fits in an error line.
  var shortened: String { count > 40 ? prefix(39) + "…" : self }
}
