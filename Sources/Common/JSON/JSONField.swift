import Foundation

/// A value of a JSON file with its path, and typed access with validation.
///
/// Every error names the file, the line and the path: `experiments/a.json:12: $.grid.width["W75%"]:
/// …`.
package struct JSONField: Sendable {
  /// The file's text, for line numbers.
  final class Source: Sendable {
    let file: String
    let bytes: [UInt8]

    init(file: String, bytes: [UInt8]) {
      self.file = file
      self.bytes = bytes
    }
  }

  let source: Source
  package var file: String { source.file }
  /// The table row that errors name instead of the path.
  let row: String?
  /// The path from the root, `$.grid.width["W75%"]`.
  package let path: String
  package let value: JSONValue

  /// Parses the root of a JSON text; errors name `file`.
  package init(parsing bytes: [UInt8], file: String) throws(SweepError) {
    source = Source(file: file, bytes: bytes)
    row = nil
    path = "$"
    value = try JSONParser.parse(bytes, file: file)
  }

  init(source: Source, row: String?, path: String, value: JSONValue) {
    self.source = source
    self.row = row
    self.path = path
    self.value = value
  }

  /// The same value as `row` of a table, such as `stage 3`: errors in it name the row instead of
  /// the path.
  package func asRow(_ row: String) -> JSONField {
    JSONField(source: source, row: row, path: path, value: value)
  }

  /// The location in errors: file, line and row or path.
  package var location: String { error("").location }

  package func error(_ message: String, advice: String = "") -> SweepError {
    error(message, advice: advice, offset: value.offset, path: path)
  }

  private func error(_ message: String, advice: String, offset: Int, path: String) -> SweepError {
    let line = JSONParser.position(of: offset, in: source.bytes).line
    return SweepError(
      .badInput, at: "\(source.file):\(line): \(row ?? path)", message, advice: advice,
      cause: .value(file: source.file, path: path))
  }

  package func members() throws(SweepError) -> [(key: String, field: JSONField)] {
    guard case .object(let members) = value.kind else { throw wrongType("an object") }
    return members.map { ($0.key, child($0)) }
  }

  /// The members of an object by name; throws if one is not in `keys`.
  package func object(keys: [String]) throws(SweepError) -> [String: JSONField] {
    guard case .object(let members) = value.kind else { throw wrongType("an object") }
    var fields: [String: JSONField] = [:]
    for member in members {
      guard keys.contains(member.key) else { throw unknown(member.key, valid: keys) }
      fields[member.key] = child(member)
    }
    return fields
  }

  package func unknown(_ key: String, valid: [String]) -> SweepError {
    guard let member = value.member(key) else { return error("unknown key \(key.quoted)") }
    return error(
      "unknown key \(key.shortened.quoted)", advice: Spelling.advice(for: key, among: valid),
      offset: member.keyOffset, path: child(member).path)
  }

  package func missing(_ key: String, advice: String) -> SweepError {
    error("the key \(key.quoted) is missing", advice: advice)
  }

  package func elements() throws(SweepError) -> [JSONField] {
    guard case .array(let elements) = value.kind else { throw wrongType("a list") }
    return elements.enumerated().map { index, element in
      JSONField(
        source: source, row: row, path: "\(path)[\(element.index ?? index)]",
        value: element)
    }
  }

  package func string() throws(SweepError) -> String {
    guard case .string(let text) = value.kind else { throw wrongType("a string") }
    return text
  }

  package func name(of what: String, among names: [String]) throws(SweepError) -> String {
    let text = try string()
    guard names.contains(text) else {
      throw error(
        "unknown \(what) \(text.shortened.quoted)",
        advice: Spelling.advice(for: text, among: names))
    }
    return text
  }

  package func boolean() throws(SweepError) -> Bool {
    guard case .boolean(let flag) = value.kind else { throw wrongType("true or false") }
    return flag
  }

  package func integer(in range: ClosedRange<Int>, _ what: String) throws(SweepError) -> Int {
    guard case .number(let digits) = value.kind else { throw wrongType("a whole number") }
    guard let integer = Int(digits) ?? Double(digits).flatMap({ Int(exactly: $0) }) else {
      throw error("\(what) is \(digits.shortened), which is not a whole number")
    }
    guard range.contains(integer) else {
      throw error(
        "\(what) is \(digits.shortened)",
        advice: integer < range.lowerBound
          ? "it must be at least \(range.lowerBound)" : "it must be at most \(range.upperBound)")
    }
    return integer
  }

  package func positive(_ what: String) throws(SweepError) -> Double {
    try number(what, "above 0") { $0 > 0 }
  }

  package func nonNegative(_ what: String) throws(SweepError) -> Double {
    try number(what, "at least 0") { $0 >= 0 }
  }

  /// A number of at least 0 and below 1.
  package func fraction(_ what: String) throws(SweepError) -> Double {
    try number(what, "at least 0 and below 1") { (0..<1).contains($0) }
  }

  /// A number that `isValid` takes; `range` says in words which those are.
  ///
  /// A 32-bit float must be able to hold it: everything such numbers are used for is computed with
  /// these. A smaller one would become 0, a larger one infinite, and 0.99999999999 would become 1.
  package func number(
    _ what: String = "the number", _ range: String = "", _ isValid: (Double) -> Bool = { _ in true }
  ) throws(SweepError) -> Double {
    guard case .number(let digits) = value.kind, let number = Double(digits) else {
      throw wrongType("a number")
    }
    let text = "\(what) is \(digits.shortened)"
    guard isValid(number) else {
      throw error("\(what) is \(Format.decimal(number))", advice: "it must be \(range)")
    }
    let held = Float(number)
    guard held.isFinite else {
      throw error("\(text), which a 32-bit float cannot hold", advice: "use at most 3.4e38")
    }
    let isZero = !digits.prefix { $0 != "e" && $0 != "E" }.contains { ("1"..."9").contains($0) }
    guard isZero || held.isNormal else {
      let limit = digits.hasPrefix("-") ? "at most -1.2e-38" : "at least 1.2e-38"
      throw error(
        "\(text), which a 32-bit float cannot hold",
        advice: !range.isEmpty && isValid(0) ? "use 0, or \(limit)" : "use \(limit)")
    }
    guard isValid(Double(held)) else {
      throw error(
        "\(text), which is \(Format.decimal(Double(held))) as a 32-bit float",
        advice: "it must be \(range)")
    }
    return number
  }

  /// A whole number of at least 1.
  package func count(_ what: String) throws(SweepError) -> Int {
    try integer(in: 1...Int.max, what)
  }

  package func wrongType(_ expected: String) -> SweepError {
    let key = path.split(separator: ".").last.map(String.init) ?? path
    return error(
      (row == nil ? "expected" : "\(key) must be") + " \(expected), found \(value.summary)")
  }

  func child(_ member: JSONValue.Member) -> JSONField {
    let isPlain = member.key.isIdentifier
    return JSONField(
      source: source, row: row,
      path: path + (isPlain ? ".\(member.key)" : "[\(member.key.quoted)]"),
      value: member.value)
  }
}
