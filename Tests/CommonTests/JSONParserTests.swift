import Testing

@testable import Common

@Suite struct JSONParserTests {
  @Test(
    "Text that is no strict JSON is refused with line, column and what is wrong",
    arguments: [
      ("", "a.json:1:1: the file is empty"),
      ("{\"a\": 1,}", "a.json:1:8: there is a comma after the last element"),
      ("[1, 2\n, ]", "a.json:2:1: there is a comma after the last element"),
      ("{\n  // a\n  \"a\": 1}", "a.json:2:3: JSON has no comments"),
      ("[1] # x", "a.json:1:5: JSON has no comments"),
      ("{\"a\": 1,\n \"a\": 2}", "a.json:2:2: the key \"a\" appears twice, first in line 1"),
      ("{\"a\" 1}", "a.json:1:6: expected \":\" after the key \"a\", found \"1\""),
      ("{a: 1}", "a.json:1:2: expected a key in double quotes, found \"a\""),
      ("{'a': 1}", "a.json:1:2: expected a key in double quotes, found \"'\""),
      ("[1 2]", "a.json:1:4: expected \",\" or \"]\", found \"2\""),
      ("[1", "a.json:1:3: expected \",\" or \"]\", found the end of the file"),
      ("{\"é\": x}", "a.json:1:7: x is not a JSON value"),
      ("[True]", "a.json:1:2: True is not a JSON value"),
      ("[NaN]", "a.json:1:2: NaN is not a JSON value"),
      ("[01]", "a.json:1:2: 01 is not a JSON number"),
      ("[.5]", "a.json:1:2: .5 is not a JSON value"),
      ("[1.]", "a.json:1:2: 1. is not a JSON number"),
      ("[-]", "a.json:1:2: - is not a JSON number"),
      ("[-01]", "a.json:1:2: -01 is not a JSON number"),
      ("[1.e5]", "a.json:1:2: 1.e5 is not a JSON number"),
      ("[1e]", "a.json:1:2: 1e is not a JSON number"),
      ("[1e+]", "a.json:1:2: 1e+ is not a JSON number"),
      ("[1-2]", "a.json:1:2: 1-2 is not a JSON number"),
      ("[0x1]", "a.json:1:2: 0x1 is not a JSON number"),
      ("[1e999]", "a.json:1:2: the number 1e999 is too large"),
      ("[\"a\nb\"]", "a.json:1:2: the string that begins here does not end in its line"),
      ("[\"a\tb\"]", "a.json:1:4: there is a control character in a string"),
      ("[\"abc", "a.json:1:2: the string that begins here does not end"),
      ("[\"\\x\"]", "a.json:1:3: there is an invalid escape in a string"),
      ("[\"\\ud800\"]", "a.json:1:3: there is an invalid escape in a string"),
      ("[\"\\udc00\\ud800\"]", "a.json:1:3: there is an invalid escape in a string"),
      ("[\"\\u12g4\"]", "a.json:1:3: there is an invalid escape in a string"),
      ("1 2", "a.json:1:3: there is text after the end of the JSON value"),
      ("\u{FEFF}{}", "a.json:1:1: the file begins with a byte-order mark"),
    ])
  func refuses(text: String, start: String) throws {
    let error = try #require(throws: SweepError.self) {
      try JSONParser.parse(Array(text.utf8), file: "a.json")
    }
    #expect(error.kind == .badInput)
    #expect(error.description.hasPrefix(start), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  @Test(
    "A number is read in all its forms",
    arguments: [
      ("0", 0), ("-0", 0), ("10", 10), ("-1.50", -1.5), ("1e2", 100), ("1E-2", 0.01),
      ("1.25e+01", 12.5),
    ])
  func numbers(text: String, value: Double) throws {
    #expect(try JSONField(parsing: Array(text.utf8), file: "a.json").number() == value)
  }

  @Test("Bytes that are no UTF-8 are refused")
  func invalidText() {
    #expect(throws: SweepError.self) {
      try JSONParser.parse([0x22, 0xFF, 0x22], file: "a.json")
    }
  }

  @Test("Nesting is followed to the limit and refused beyond it")
  func nesting() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(String(repeating: "[", count: depth).utf8)
        + Array(String(repeating: "]", count: depth).utf8)
    }
    _ = try JSONParser.parse(nested(JSONParser.depthLimit), file: "a.json")
    for depth in [JSONParser.depthLimit + 1, 1_000_000] {
      #expect(throws: SweepError.self) { try JSONParser.parse(nested(depth), file: "a.json") }
    }
  }

  @Test("Escapes and surrogate pairs become their characters")
  func escapes() throws {
    let root = try JSONField(
      parsing: Array(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀""#.utf8), file: "a.json")
    #expect(try root.string() == "\"\\/\u{8}\u{C}\n\r\té😀é😀")
  }

  @Test("Every prefix of a valid file ends in an error or a value, never in a crash")
  func prefixes() {
    let text = Array(#"{"a": [1, -2.5e3, true, null, "x\u00e9"], "b": {"W75%": {}}}"#.utf8)
    for length in 0..<text.count {
      #expect(throws: SweepError.self) {
        try JSONParser.parse(Array(text[..<length]), file: "a.json")
      }
    }
  }

  @Test("A field names its file, line and path")
  func paths() throws {
    let text = "{\n\"grid\": {\n\"W75%\": [0,\n {\"x\": \"a\"}]}}"
    let root = try JSONField(parsing: Array(text.utf8), file: "e/a.json")
    let element = try #require(try root.members().first?.field.members().first?.field.elements()[1])
    let error = try #require(throws: SweepError.self) {
      try element.members().first?.field.number()
    }
    #expect(
      error.description
        == #"e/a.json:4: $.grid["W75%"][1].x: expected a number, found the string "a""#)
  }
}
