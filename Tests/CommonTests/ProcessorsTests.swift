import Testing

@testable import Common

@Suite struct ProcessorsTests {
  @Test(
    "A control group's share is read, and no limit is none",
    arguments: [
      ("150000 100000\n", 1.5), ("max 100000\n", nil), ("", nil), ("0 100000", nil), ("x y", nil),
    ])
  func unified(text: String, share: Double?) {
    #expect(Processors.quota(unified: text) == share)
  }

  @Test("The older files' -1 is no limit")
  func older() {
    #expect(Processors.quota(quota: "-1\n", period: "100000\n") == nil)
    #expect(Processors.quota(quota: "200000\n", period: "100000\n") == 2)
  }

  @Test("There is always a processor")
  func available() {
    #expect(Processors.available >= 1)
  }
}
