import Common
import Foundation
import Testing

@testable import DataSets
@testable import Images

@Suite struct ImageFolderTests {
  @Test(
    "Classes and images come in torchvision's order, with its extensions, hidden folders passed over"
  )
  func order() throws {
    try withTemporaryFolder { root in
      let files = [
        "b/1.JPG", "b/10.png", "b/2.Jpeg", "b/x.gif", "b/.jpg", "b/noext", "b/a.png.txt", "b/ö.png",
        "b/e\u{301}.png", "b/z.png", "b/png", "b/sub/1.webp", "b/sub-2/1.tiff", "b/sub/deep/0.ppm",
        "b/~x/1.bmp", "b/.cache/1.png", "a/1.png", "Z/1.tif", "é/1.pgm", ".git/1.png", "stray.png",
      ]
      try make(files.map { "s/\($0)" }, in: root)
      let folder = try ImageFolder(root: root, split: "s")
      // What torchvision 0.29 lists for the same tree.
      let expected = [
        "Z/1.tif", "a/1.png", "b/.jpg", "b/1.JPG", "b/10.png", "b/2.Jpeg", "b/e\u{301}.png",
        "b/z.png", "b/ö.png", "b/sub/1.webp", "b/sub-2/1.tiff", "b/sub/deep/0.ppm", "b/~x/1.bmp",
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
      #expect(error.kind == .badInput)
      #expect(
        error.message
          == "train and val have different classes (only in train: dog; only in val: cow)")
    }
  }

  @Test(
    "Splits that share a folder are refused",
    arguments: [
      ("train", "train"), ("train", "./train"), ("train", "link"), (".", "."), (".", "train"),
      ("train/", "train/cat/.."),
    ])
  func overlap(train: String, val: String) throws {
    try withTemporaryFolder { root in
      try make(["train/cat/1.png", "train/dog/1.png", "other/cat/1.png"], in: root)
      symlink("train", "\(root)/link")
      let error = try #require(throws: SweepError.self) {
        try DataSet(root: root, train: train, val: val)
      }
      #expect(error.message.hasPrefix("the training and validation images"), "\(error)")
    }
  }

  @Test("Test images must have the same classes and a folder of their own")
  func testSplit() throws {
    try withTemporaryFolder { root in
      try make(
        ["train/cat/1.png", "val/cat/1.png", "test/cat/1.png", "other/dog/1.png"], in: root)
      let data = try DataSet(root: root, test: "test")
      #expect(data.splits.map(\.split) == ["train", "val", "test"])
      for (test, message) in [
        ("val", "the validation and test images are the same folder"),
        ("train/cat", "the training and test images overlap: test lies in train"),
        (
          "other",
          "train and other have different classes (only in train: cat; only in other: dog)"
        ),
      ] {
        try make(["train/cat/cat/1.png"], in: root)
        let error = try #require(throws: SweepError.self) { try DataSet(root: root, test: test) }
        #expect(error.message == message)
      }
    }
  }

  @Test("A split whose name begins with the other's is another folder")
  func similarNames() throws {
    try withTemporaryFolder { root in
      try make(["train/cat/1.png", "train2/cat/1.png"], in: root)
      #expect(try DataSet(root: root, train: "train", val: "train2").classes == ["cat"])
    }
  }

  @Test("Two Unicode spellings of one name are refused, in a folder and across splits")
  func spellings() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    try withTemporaryFolder { root in
      try make(["train/f/1.png", "train/\(composed)/1.png"], in: root)
      try make(["val/f/1.png", "val/\(decomposed)/1.png"], in: root)
      let error = try #require(throws: SweepError.self) { try DataSet(root: root) }
      #expect(
        error.message.utf8.elementsEqual(
          "the class \(composed) has two Unicode spellings in train and val".utf8))
      try make(["train/\(decomposed)/1.png"], in: root)
      let twice = try #require(throws: SweepError.self) {
        try ImageFolder(root: root, split: "train")
      }
      #expect(twice.message.contains("another Unicode spelling"))
    }
    try withTemporaryFolder { root in
      try make(["s/cat/\(composed).png", "s/cat/\(decomposed).png"], in: root)
      #expect(throws: SweepError.self) { try ImageFolder(root: root, split: "s") }
    }
  }

  @Test("Files and folders that systems make for themselves are not used, and listed")
  func systemFiles() throws {
    try withTemporaryFolder { root in
      try make(
        [
          "s/cat/1.png", "s/cat/._1.png", "s/cat/@eaDir/1.png", "s/__MACOSX/1.png", "s/cat/2.jfif",
        ], in: root)
      let folder = try ImageFolder(root: root, split: "s")
      #expect(folder.classes == ["cat"] && folder.samples.map(\.name) == ["s/cat/1.png"])
      #expect(
        Set(folder.skipped) == ["s/__MACOSX/", "s/cat/@eaDir/", "s/cat/._1.png", "s/cat/2.jfif"])
      let jpeg = DecodingFixtures.path("good/really-a-jpeg.png")
      try FileManager.default.removeItem(atPath: "\(root)/s/cat/2.jfif")
      try FileManager.default.copyItem(atPath: jpeg, toPath: "\(root)/s/cat/2.jfif")
      let unused = UnusedFiles([folder])
      #expect(unused.lines.contains("s/cat/2.jfif holds a JPEG image"))
      #expect(unused.remark?.contains("4 files not used, 1 of them images") == true)
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
      try Folder.create((path as NSString).deletingLastPathComponent)
      if !FileManager.default.fileExists(atPath: path) { try FileContents.create(path, Data()) }
    }
  }
}
