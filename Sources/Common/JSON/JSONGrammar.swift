// This works on bytes: regular expressions are compiled at each use, which took longer than the
// rest of reading a file.

extension ArraySlice<UInt8> {
  /// Whether the bytes are a number (RFC 8259, section 6).
  var isNumber: Bool {
    var rest = self
    if rest.first == UInt8(ascii: "-") { _ = rest.popFirst() }
    let whole = rest.takeDigits()
    guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else {
      return false
    }
    if rest.first == UInt8(ascii: ".") {
      _ = rest.popFirst()
      guard !rest.takeDigits().isEmpty else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      _ = rest.popFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { _ = rest.popFirst() }
      guard !rest.takeDigits().isEmpty else { return false }
    }
    return rest.isEmpty
  }

  private mutating func takeDigits() -> ArraySlice<UInt8> {
    let digits = prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    self = self[digits.endIndex...]
    return digits
  }
}

extension StringProtocol {
  /// Whether it needs no quotes in a path: ASCII letters, digits, `_` and `$`, not starting with a
  /// digit.
  var isIdentifier: Bool {
    guard let first = utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return false
    }
    return utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
        true
      default: false
      }
    }
  }
}
