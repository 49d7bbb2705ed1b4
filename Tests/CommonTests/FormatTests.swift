import Common
import Testing

@Suite struct FormatTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (6_443_870_505, "6,443,870,505"), (-12_345, "-12,345"),
  ])
  func digitsStandInGroupsOfThree(number: Int, text: String) {
    #expect(Format.grouped(number) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1_048_575, "1.00 MiB"),
    (5_116_552, "4.88 MiB"), (104_857_600, "100 MiB"), (2_072_371_200, "1.93 GiB"),
    (.max, "8.00 EiB"),
  ])
  func memoryIsGivenInTheUnitThatReadsBest(bytes: Int, text: String) {
    #expect(Format.bytes(bytes) == text)
  }

  @Test(arguments: [
    (0.5, 2, "0.50"), (0.005, 2, "0.01"), (-0.001, 2, "0.00"), (-1.25, 1, "-1.3"), (12, 0, "12"),
    (.nan, 2, "nan"), (-.nan, 0, "nan"), (-.infinity, 2, "-inf"), (1e20, 3, "1e+20"),
    (-.greatestFiniteMagnitude, 0, "-1.7976931348623157e+308"),
  ])
  func decimalsAreFixed(number: Double, decimals: Int, text: String) {
    #expect(Format.fixed(number, decimals: decimals) == text)
  }

  @Test(arguments: [(0, "0 cells"), (1, "1 cell"), (2, "2 cells")])
  func oneIsNoPlural(number: Int, text: String) {
    #expect(Format.count(number, "cell") == text)
  }

  @Test func aTableAlignsItsColumnsAndLeavesNoSpacesAtTheEnds() {
    var table = TextTable([("layer", .left), ("params", .right), ("note", .left)])
    table.add(["stem", "864"])
    table.addRule()
    table.add(["", "12,345", "ρ"])
    #expect(
      table.text == """
        layer  params  note
        ───────────────────
        stem      864
        ───────────────────
               12,345  ρ

        """)
  }

  @Test(
    "Durations read well at every length",
    arguments: [
      (0, "0 s"), (0.2, "1 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7384, "2 h 3 min"),
      (190_000, "2 d 4 h"), (.nan, "–"), (.infinity, "–"),
    ])
  func durations(seconds: Double, text: String) {
    #expect(Format.duration(seconds) == text)
  }
}
