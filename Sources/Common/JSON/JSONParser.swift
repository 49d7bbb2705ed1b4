/// A strict JSON parser (RFC 8259) that records the offset of each key and value.
///
/// Comments, trailing commas, duplicate keys, a byte-order mark, invalid UTF-8, numbers beyond a
/// double and nesting deeper than `depthLimit` are errors with line and column.
package struct JSONParser {
  package static let depthLimit = 64

  private let file: String
  private let bytes: [UInt8]
  private var offset = 0

  /// Parses `bytes`; errors name `file`.
  package static func parse(_ bytes: [UInt8], file: String) throws(SweepError) -> JSONValue {
    var parser = JSONParser(file: file, bytes: bytes)
    return try parser.document()
  }

  private init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  private mutating func document() throws(SweepError) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw SweepError(
        .badInput, at: file, "the file is not UTF-8 text", advice: "save it as UTF-8")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw error("the file begins with a byte-order mark", advice: "save it as UTF-8 without BOM")
    }
    try skipSpace()
    guard offset < bytes.count else {
      throw error("the file is empty", advice: "it must hold a JSON object")
    }
    let value = try value(depth: 0)
    try skipSpace()
    guard offset == bytes.count else {
      throw error("there is text after the end of the JSON value", advice: "remove it")
    }
    return value
  }

  private mutating func value(depth: Int) throws(SweepError) -> JSONValue {
    let start = offset
    let kind: JSONValue.Kind
    switch peek {
    case UInt8(ascii: "{"): kind = .object(try members(depth: depth + 1))
    case UInt8(ascii: "["): kind = .array(try elements(depth: depth + 1))
    case UInt8(ascii: "\""): kind = .string(try string())
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
      kind = .number(try number())
    default: kind = try word()
    }
    return JSONValue(kind: kind, offset: start)
  }

  private mutating func members(depth: Int) throws(SweepError) -> [JSONValue.Member] {
    try enter(depth)
    var members: [JSONValue.Member] = []
    var starts: [String: Int] = [:]
    if try closes(with: "}", afterComma: false) { return members }
    while true {
      let start = offset
      guard peek == UInt8(ascii: "\"") else {
        throw error("expected a key in double quotes, found \(found)")
      }
      let key = try string()
      if let first = starts[key] {
        let line = Self.position(of: first, in: bytes).line
        throw error(
          "the key \(key.shortened.quoted) appears twice, first in line \(line)",
          advice: "remove one", at: start)
      }
      starts[key] = start
      try skipSpace()
      guard peek == UInt8(ascii: ":") else {
        throw error("expected \":\" after the key \(key.shortened.quoted), found \(found)")
      }
      offset += 1
      try skipSpace()
      members.append(
        JSONValue.Member(key: key, keyOffset: start, value: try value(depth: depth)))
      if try closes(with: "}", afterComma: true) { return members }
    }
  }

  private mutating func elements(depth: Int) throws(SweepError) -> [JSONValue] {
    try enter(depth)
    var elements: [JSONValue] = []
    if try closes(with: "]", afterComma: false) { return elements }
    while true {
      elements.append(try value(depth: depth))
      if try closes(with: "]", afterComma: true) { return elements }
    }
  }

  private mutating func enter(_ depth: Int) throws(SweepError) {
    guard depth <= Self.depthLimit else {
      throw error("lists and objects nest deeper than \(Self.depthLimit)")
    }
    offset += 1
  }

  /// Whether the list or object ends here; otherwise moves to the next element, past a required
  /// comma.
  private mutating func closes(with end: Unicode.Scalar, afterComma: Bool) throws(SweepError)
    -> Bool
  {
    let end = UInt8(ascii: end)
    try skipSpace()
    if peek == end {
      offset += 1
      return true
    }
    guard afterComma else { return false }
    guard peek == UInt8(ascii: ",") else {
      throw error("expected \",\" or \"\(Character(Unicode.Scalar(end)))\", found \(found)")
    }
    let comma = offset
    offset += 1
    try skipSpace()
    if peek == end {
      throw error("there is a comma after the last element", advice: "remove it", at: comma)
    }
    return false
  }

  private mutating func word() throws(SweepError) -> JSONValue.Kind {
    let start = offset
    while let byte = peek, byte.isWord { offset += 1 }
    switch String(decoding: bytes[start..<offset], as: UTF8.self) {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    case "":
      throw error("expected a value, found \(found)")
    case let word:
      throw error(
        "\(word.shortened) is not a JSON value", advice: "write text in double quotes", at: start)
    }
  }

  private mutating func number() throws(SweepError) -> String {
    let start = offset
    while let byte = peek, byte.isWord || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
      offset += 1
    }
    let digits = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard bytes[start..<offset].isNumber else {
      throw error(
        "\(digits.shortened) is not a JSON number", advice: "write it like 0.5", at: start)
    }
    guard let value = Double(digits), value.isFinite else {
      throw error("the number \(digits.shortened) is too large", at: start)
    }
    return digits
  }

  private mutating func string() throws(SweepError) -> String {
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text += Array(String(try escape()).utf8)
      case 0..<0x20:
        throw error(
          byte == 0x0A
            ? "the string that begins here does not end in its line"
            : "there is a control character in a string",
          advice: byte == 0x0A ? "close it with \"" : "write it as an escape such as \\t",
          at: byte == 0x0A ? start : nil)
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw error("the string that begins here does not end", advice: "close it with \"", at: start)
  }

  private mutating func escape() throws(SweepError) -> Unicode.Scalar {
    let start = offset
    let escapes: [UInt8: Unicode.Scalar] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    offset += 1
    if let byte = peek, let scalar = escapes[byte] {
      offset += 1
      return scalar
    }
    if let high = codeUnit() {
      if let scalar = Unicode.Scalar(high) { return scalar }
      if high < 0xDC00, peek == UInt8(ascii: "\\") {
        offset += 1
        if let low = codeUnit(), (0xDC00...0xDFFF).contains(low),
          let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        {
          return scalar
        }
      }
    }
    throw error("there is an invalid escape in a string", advice: "write \\\\ for \\", at: start)
  }

  /// Parses `u` and four hexadecimal digits as a code unit.
  private mutating func codeUnit() -> UInt32? {
    guard peek == UInt8(ascii: "u"), offset + 5 <= bytes.count else { return nil }
    let digits = bytes[(offset + 1)..<(offset + 5)]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    offset += 5
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private mutating func skipSpace() throws(SweepError) {
    while let byte = peek {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      case UInt8(ascii: "/"), UInt8(ascii: "#"):
        throw error("JSON has no comments", advice: "remove it")
      default: return
      }
    }
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private var found: String {
    guard offset < bytes.count else { return "the end of the file" }
    let rest = String(decoding: bytes[offset..<min(offset + 40, bytes.count)], as: UTF8.self)
    return rest.first.map { String($0).quoted } ?? "the end of the file"
  }

  private func error(_ message: String, advice: String = "", at start: Int? = nil) -> SweepError {
    let position = Self.position(of: start ?? offset, in: bytes)
    return SweepError(
      .badInput, at: "\(file):\(position.line):\(position.column)", message, advice: advice)
  }

  /// The line and column (in characters, both from 1) of a byte.
  package static func position(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    let before = bytes[..<offset]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0A } + 1
    return (line, before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
  }
}

extension UInt8 {
  fileprivate var isWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
