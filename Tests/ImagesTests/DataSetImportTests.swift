import Common
import Foundation
import Testing

@testable import DataSets
@testable import Images

@Suite struct DataSetImportTests {
  /// Makes a folder of class folders with `count` small images each, and some files that are no
  /// images.
  private func makeSource(_ path: String, classes: [String], count: Int = 10) throws {
    for name in classes {
      try Folder.create("\(path)/\(name)")
      for number in 0..<count {
        let image = Image(width: 1, height: 1, pixels: [UInt8(number), UInt8(name.utf8.count), 7])
        try FileContents.create("\(path)/\(name)/\(number).jpeg", image.encodedPNG())
      }
      try FileContents.create("\(path)/\(name)/notes.txt", Data("no image".utf8))
    }
  }

  private func files(in folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.contains(".") }.sorted(by: codePointOrder)
  }

  @Test("Each class is split by the same share, its folder named in English, its files untouched")
  func split() throws {
    try withTemporaryFolder { folder in
      try makeSource("\(folder)/raw-img", classes: DataSetImport.english.keys.sorted())
      let classes = try DataSetImport(source: folder).run(to: "\(folder)/out/animals").classes
      #expect(classes.map(\.name) == DataSetImport.english.values.sorted())
      #expect(classes.allSatisfy { $0.train == 8 && $0.val == 2 })
      let source = Dictionary(uniqueKeysWithValues: classes.map { ($0.name, $0.source) })
      #expect(source["dog"] == "cane" && source["cat"] == "gatto")
      let made = try files(in: "\(folder)/out/animals")
      #expect(made.count == 100)
      for file in made {
        let parts = file.split(separator: "/").map(String.init)
        let original = try #require(source[parts[1]])
        #expect(
          try FileContents.read("\(folder)/out/animals/\(file)")
            == FileContents.read("\(folder)/raw-img/\(original)/\(parts[2])"))
      }
      // Another class draws another validation set.
      let drawn = ["cat", "dog", "horse"].map { name in
        made.filter { $0.hasPrefix("val/\(name)/") }.compactMap { $0.split(separator: "/").last }
      }
      #expect(Set(drawn).count > 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out") == ["animals"])
    }
  }

  @Test("The seed decides which images are for validation, whatever the folders' language")
  func seeded() throws {
    try withTemporaryFolder { folder in
      try makeSource("\(folder)/it", classes: Array(DataSetImport.english.keys), count: 20)
      try makeSource("\(folder)/en", classes: Array(DataSetImport.english.values), count: 20)
      func drawn(_ source: String, seed: UInt64) throws -> [String] {
        let root = "\(folder)/\(source)-\(seed)"
        _ = try DataSetImport(source: "\(folder)/\(source)", seed: seed).run(to: root)
        return try files(in: "\(root)/val")
      }
      let first = try drawn("it", seed: 1)
      #expect(first.count == 40)
      #expect(try drawn("en", seed: 1) == first)
      #expect(try drawn("it", seed: 2) != first)
    }
  }

  @Test("Italian names stay where they are not Animals-10's ten: sugar cane is no dog")
  func notAnimals() throws {
    try withTemporaryFolder { folder in
      try makeSource("\(folder)/crops", classes: ["cane", "maize", "wheat"])
      let classes = try DataSetImport(source: "\(folder)/crops").run(to: "\(folder)/out").classes
      #expect(classes.map(\.name) == ["cane", "maize", "wheat"])
    }
  }

  @Test(
    "Splits that the source has are kept, in any case, one level down too",
    arguments: [
      (["train", "valid"], "", ["train": 10, "val": 10]),
      (["Training", "Validation", "Testing"], "", ["train": 10, "val": 10, "test": 10]),
      (["TRAIN", "VAL"], "inner/", ["train": 10, "val": 10]),
      (["train", "test"], "", ["train": 8, "val": 2, "test": 10]),
      (["Training", "Testing"], "a/b/", ["train": 8, "val": 2, "test": 10]),
    ])
  func splits(splits: [String], inner: String, counts: [String: Int]) throws {
    try withTemporaryFolder { folder in
      for split in splits {
        try makeSource("\(folder)/raw/\(inner)\(split)", classes: ["cat", "dog"])
      }
      try makeSource("\(folder)/raw/__MACOSX", classes: ["cat"])
      let outcome = try DataSetImport(source: "\(folder)/raw").run(to: "\(folder)/out")
      #expect(outcome.classes.map(\.name) == ["cat", "dog"])
      for (split, count) in counts {
        #expect(try files(in: "\(folder)/out/\(split)/dog").count == count, "\(split)")
      }
      let made = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out")
      #expect(Set(made) == Set(counts.keys))
      #expect(outcome.remarks.contains { $0.contains("test") } == (counts["test"] != nil))
    }
  }

  @Test("An unlabeled test folder is left out, and said to be")
  func unlabeled() throws {
    try withTemporaryFolder { folder in
      try makeSource("\(folder)/raw/train", classes: ["cat", "dog"])
      try Folder.create("\(folder)/raw/test")
      try FileContents.create("\(folder)/raw/test/1.jpg", Data())
      let outcome = try DataSetImport(source: "\(folder)/raw").run(to: "\(folder)/out")
      #expect(outcome.remarks.contains("test has no class folders with images and is ignored"))
      #expect(outcome.classes.map(\.train) == [8, 8])
    }
  }

  @Test("Classes that are split each, and two folders of one split, are refused")
  func ambiguous() throws {
    try withTemporaryFolder { folder in
      for name in ["cat", "dog"] {
        try makeSource("\(folder)/each/\(name)", classes: ["train", "test"])
      }
      let each = try #require(throws: SweepError.self) {
        try DataSetImport(source: "\(folder)/each").run(to: "\(folder)/out")
      }
      #expect(each.message == "each class is already split")
      try makeSource("\(folder)/two", classes: ["train", "val", "valid"])
      let two = try #require(throws: SweepError.self) {
        try DataSetImport(source: "\(folder)/two").run(to: "\(folder)/out")
      }
      #expect(two.message == "val and valid are the same split")
    }
  }

  @Test("The folders beside the splits are named, and the test split has the classes' new names")
  func besideSplits() throws {
    try withTemporaryFolder { folder in
      let classes = DataSetImport.english.keys.sorted()
      try makeSource("\(folder)/in/Train", classes: classes, count: 2)
      try makeSource("\(folder)/in/Test", classes: Array(classes.prefix(3)), count: 1)
      try makeSource("\(folder)/in/annotations", classes: ["xml"], count: 1)
      let outcome = try DataSetImport(source: "\(folder)/in").run(to: "\(folder)/out")
      #expect(outcome.remarks.contains("annotations is not a split and is ignored"))
      #expect(
        try FolderListing(of: "\(folder)/out/test").folders == ["dog", "elephant", "horse"])
    }
  }

  @Test(
    "A zip's names are judged by their bytes",
    arguments: ["a/../\u{301}b.png", "a\r\n../b.png", "/\u{301}b.png", "a\\..\\\u{301}b.png"])
  func zipNames(name: String) throws {
    struct Hostile: CommandRunner {
      let name: String
      func run(_ program: String, _ arguments: [String]) throws(SweepError) -> CommandResult? {
        #expect(arguments.contains("-Z1"))
        return CommandResult(output: "x.png\n\(name)\n")
      }
    }
    let error = try #require(throws: SweepError.self) {
      try ZipArchive(path: "a.zip", commands: Hostile(name: name)).unpack(to: "/nowhere/x")
    }
    #expect(error.message.hasPrefix("the zip contains a path outside its folder"))
  }

  @Test("A zip on a full disk is not said to be broken")
  func fullDisk() throws {
    struct FullDisk: CommandRunner {
      func run(_ program: String, _ arguments: [String]) throws(SweepError) -> CommandResult? {
        CommandResult(code: arguments.contains("-Z1") ? 0 : 50)
      }
    }
    try withTemporaryFolder { folder in
      let error = try #require(throws: SweepError.self) {
        try ZipArchive(path: "a.zip", commands: FullDisk()).unpack(to: "\(folder)/d")
      }
      #expect(error.kind == .fileSystem && error.cause == .system(ENOSPC))
      #expect(error.advice.contains("free disk space"))
    }
  }

  @Test("What cannot be split or would be overwritten is refused, and nothing is left behind")
  func refused() throws {
    try withTemporaryFolder { folder in
      try makeSource("\(folder)/raw", classes: ["cane"])
      func refused(_ source: String, to root: String = "out") throws -> SweepError {
        let error = try #require(throws: SweepError.self) {
          try DataSetImport(source: "\(folder)/\(source)").run(to: "\(folder)/\(root)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
        return error
      }
      #expect(try refused("none").message == "there is no such file or folder")
      #expect(
        try refused("raw", to: "raw").message == "it exists already and is not an empty folder")
      try makeSource("\(folder)/single", classes: ["a", "b"], count: 1)
      #expect(try refused("single").message.hasPrefix("the class has 1 image"))
      try makeSource("\(folder)/split", classes: ["train", "val"])
      #expect(try refused("split").message == "it is already split")
      try FileContents.create("\(folder)/text.zip", Data("no zip".utf8))
      #expect(try refused("text.zip").kind == .badInput)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(left == ["raw", "single", "split", "text.zip"])
    }
  }

  @Test("An interrupted import or drawing leaves nothing behind")
  func interrupted() throws {
    try withTemporaryFolder { folder in
      try makeSource("\(folder)/raw", classes: ["cane", "gatto"])
      let imported = try #require(throws: SweepError.self) {
        try DataSetImport(source: "\(folder)/raw").run(to: "\(folder)/out") { done, _ in done < 7 }
      }
      let drawn = try #require(throws: SweepError.self) {
        try Synthesis(size: 8).write(to: "\(folder)/out") { done, _ in done < 7 }
      }
      #expect(imported.kind == .interrupted && drawn.kind == .interrupted)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["raw"])
    }
  }

  static let hasUnzip = ["/usr/bin/unzip", "/bin/unzip"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(
    "A zip gives the same data set as its folder", .enabled(if: hasUnzip, "needs the unzip program")
  )
  func zip() throws {
    try withTemporaryFolder { folder in
      let classes = try DataSetImport(source: ZipFixtures.path("raw-img.zip"))
        .run(to: "\(folder)/animals").classes
      #expect(classes.map(\.name) == ["cane", "gatto"])
      #expect(
        try files(in: "\(folder)/animals").map { String($0.drop { $0 != "/" }) }.sorted()
          == ["/cane/1.png", "/cane/2.png", "/cane/3.jpeg", "/gatto/1.png", "/gatto/2.png"])
      #expect(try DataSetCheck(root: "\(folder)/animals", threads: 1).verdict == nil)
    }
  }

  @Test(
    "A zip that would write or read outside its folder is refused; nothing is unpacked",
    .enabled(if: hasUnzip, "needs the unzip program"),
    arguments: [
      ("outside.zip", "contains a path outside its folder: raw-img/../../../escaped.png"),
      ("absolute.zip", "contains a path outside its folder: /tmp/sweep-escaped.png"),
      ("link.zip", "the zip contains a link: raw-img/cane/3.png"),
      ("cut.zip", "cannot read the zip"), ("locked.zip", "cannot read the zip"),
    ])
  func hostile(name: String, says: String) throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: SweepError.self) {
        try DataSetImport(source: ZipFixtures.path(name)).run(to: "\(folder)/a/b/animals")
      }
      #expect(error.kind == .badInput)
      #expect(error.message.contains(says), "\(error)")
      #expect(!error.description.contains("\n"))
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() == ["a", "a/b"])
    }
  }
}

private enum ZipFixtures {
  static func path(_ name: String) -> String {
    Bundle.module.bundleURL.appendingPathComponent("Fixtures/zips/\(name)").path
  }
}
