import Common
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    (JSON.null, "null"), (.boolean(true), "true"), (.integer(-3), "-3"),
    (.number(0.1), "0.1"), (.number(1), "1.0"), (.number(1e-9), "1e-09"),
    (.number(.nan), "null"), (.number(-.infinity), "null"),
    (.string("a\"b\\c\n\u{1}é"), #""a\"b\\c\n\u0001é""#),
    (.array([]), "[]"), (.object([]), "{}"),
    (
      .object([.init("b", .array([.integer(1), .null])), .init("a", .string("x"))]),
      #"{"b":[1,null],"a":"x"}"#
    ),
  ])
  func writesWhatAnyParserReads(value: JSON, text: String) {
    #expect(value.text == text)
  }

  @Test func linesHoldOneElementEach() {
    let value = JSON.array([.object([.init("a", .integer(1))]), .object([])])
    #expect(value.lines == "[\n  {\"a\":1},\n  {}\n]")
    #expect(JSON.object([.init("a", .integer(1))]).lines == "{\n  \"a\": 1\n}")
    #expect(
      JSON.object([.init("a", value), .init("b", [.integer(1), .integer(2)])]).lines
        == "{\n  \"a\": [\n    {\"a\":1},\n    {}\n  ],\n  \"b\": [1,2]\n}")
  }
}
