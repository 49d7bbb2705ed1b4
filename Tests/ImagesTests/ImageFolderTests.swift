import Common
import Foundation
import Testing

@testable import Images

@Suite struct ImageFolderTests {
  @Test(
    "Classes and images come in torchvision's order, with its extensions, hidden folders passed over"
  )
  func order() throws {
    try withTemporaryFolder { root in
      let files = [
        "b/1.JPG", "b/10.png", "b/2.Jpeg", "b/x.gif", "b/.jpg", "b/noext", "b/a.png.txt", "b/é.png",
        "b/e\u{301}.png", "b/z.png", "b/png", "b/sub/1.webp", "b/sub-2/1.tiff", "b/sub/deep/0.ppm",
        "b/~x/1.bmp", "b/.cache/1.png", "a/1.png", "Z/1.tif", "é/1.pgm", ".git/1.png", "stray.png",
      ]
      try make(files.map { "s/\($0)" }, in: root)
      let folder = try ImageFolder(root: root, split: "s")
      // What torchvision 0.29 lists for the same tree.
      let expected = [
        "Z/1.tif", "a/1.png", "b/.jpg", "b/1.JPG", "b/10.png", "b/2.Jpeg", "b/e\u{301}.png",
        "b/z.png", "b/é.png", "b/sub/1.webp", "b/sub-2/1.tiff", "b/sub/deep/0.ppm", "b/~x/1.bmp",
        "é/1.pgm",
      ]
      #expect(folder.classes == ["Z", "a", "b", "é"])
      #expect(folder.samples.map { Array($0.name.utf8) } == expected.map { Array("s/\($0)".utf8) })
      #expect(folder.samples.map(\.label) == [0, 1] + Array(repeating: 2, count: 11) + [3])
      #expect(
        folder.skipped == [
          "s/stray.png", "s/.git/", "s/b/.cache/", "s/b/a.png.txt", "s/b/noext", "s/b/png",
          "s/b/x.gif",
        ])
    }
  }

  @Test("A missing root, split or class folder and an empty class are errors that name the folder")
  func missing() throws {
    try withTemporaryFolder { root in
      func refused(_ root: String) throws -> SweepError {
        try #require(throws: SweepError.self) { try DataSet(root: root) }
      }
      #expect(try refused("\(root)/no").location == "\(root)/no")
      #expect(try refused(root).description.hasPrefix("\(root)/train: there is no such folder; "))
      try make(["train/note.txt"], in: root)
      #expect(try refused(root).message == "it holds no class folders")
      try make(["train/cat/1.png", "train/dog/readme.md"], in: root)
      let empty = try refused(root)
      #expect(empty.location == "\(root)/train/dog")
      #expect(empty.message == "the class folder holds no images")
      try make(["train/dog/1.png"], in: root)
      #expect(try refused(root).location == "\(root)/val")
    }
  }

  @Test("Splits with different classes are refused with the difference shown")
  func mismatch() throws {
    try withTemporaryFolder { root in
      try make(["train/cat/1.png", "train/dog/1.png", "val/cat/1.png", "val/cow/1.png"], in: root)
      let error = try #require(throws: SweepError.self) { try DataSet(root: root) }
      #expect(error.code == .badInput)
      #expect(
        error.message
          == "train and val have different classes (only in train: dog; only in val: cow)")
    }
  }

  @Test("A link back to a folder above is refused instead of followed for ever")
  func linkLoop() throws {
    try withTemporaryFolder { root in
      try make(["s/cat/1.png"], in: root)
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/s/cat/loop", withDestinationPath: "\(root)/s/cat")
      let error = try #require(throws: SweepError.self) { try ImageFolder(root: root, split: "s") }
      #expect(error.location == "\(root)/s/cat/loop")
    }
  }

  private func make(_ files: [String], in root: String) throws {
    for file in files {
      let path = "\(root)/\(file)"
      try FileContents.makeFolder((path as NSString).deletingLastPathComponent)
      if !FileManager.default.fileExists(atPath: path) { try FileContents.write(Data(), to: path) }
    }
  }
}
