import Testing

@testable import Common

@Suite struct TextTableTests {
  @Test(arguments: [
    ("abc", 3), ("é", 1), ("e\u{301}", 1), ("猫", 2), ("ｱ", 1), ("고양이", 6), ("🐱", 2), ("❤️", 2),
    ("👩‍👩‍👧", 2),
    ("🇮🇹", 2), ("\u{1B}[1;32mab\u{1B}[0m", 2), ("a\u{200B}b", 2), ("a\u{7}", 1), ("–", 1), ("", 0),
  ])
  func textsAreAsWideAsTheirGlyphs(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test func columnsAlignBehindWideCharacters() {
    var table = TextTable([("class", .left), ("n", .right)])
    table.add(["猫", "1"])
    table.add(["butterfly", "12"])
    #expect(
      table.text == """
        class       n
        ─────────────
        猫          1
        butterfly  12

        """)
  }
}
