import Testing

@testable import Common

@Suite struct SpellingTests {
  @Test(
    "A mistyped name gives the one that was meant, and a strange one gives none",
    arguments: [
      ("resolutoin", "resolution"), ("Width", "width"), ("epoch", "epochs"),
      ("bathc_size", "batch_size"), ("resol", "resolution"),
      ("momentum", nil), ("", nil), ("x", nil),
    ])
  func nearest(typed: String, meant: String?) {
    let valid = ["width", "resolution", "epochs", "batch_size", "a"]
    #expect(Spelling.nearest(to: typed, among: valid) == meant)
  }

  @Test(
    "Distances count edits, and a swap of neighbors as one",
    arguments: [("kitten", "sitting", 3), ("lr", "rl", 1), ("", "abc", 3), ("same", "same", 0)])
  func distance(a: String, b: String, edits: Int) {
    #expect(Spelling.distance(Array(a.unicodeScalars), Array(b.unicodeScalars)) == edits)
  }
}
