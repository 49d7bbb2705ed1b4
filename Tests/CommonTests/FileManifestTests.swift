import Testing

@testable import Common

struct FileManifestTests {
  private func manifest(_ files: [(String, String)]) -> FileManifest {
    FileManifest(files.map { .init(sha256: $0.0, size: 1, name: $0.1) })
  }

  @Test("A list is read back as it was written, whatever the names hold")
  func roundTrip() {
    let list = manifest([("a", "x y.jpg"), ("b", "z\r"), ("c", "e\u{301}"), ("d", "\u{E9}")])
    #expect(FileManifest(parsing: list.text).text.utf8.elementsEqual(list.text.utf8))
    #expect(FileManifest(parsing: list.text).entries.count == 4)
    #expect(FileManifest(parsing: "no list\n").entries.isEmpty)
  }

  @Test("Changes are told by the names' bytes: another spelling is another name")
  func changes() {
    let old = manifest([("a", "1.jpg"), ("b", "2.jpg"), ("c", "\u{E9}")])
    let new = manifest([("a", "1.jpg"), ("x", "2.jpg"), ("c", "e\u{301}"), ("d", "3.jpg")])
    #expect(
      new.changes(from: old) == [
        "2.jpg was changed", "3.jpg is new", "e\u{301} is new", "\u{E9} is gone",
      ])
    #expect(new.changes(from: new).isEmpty)
  }
}
