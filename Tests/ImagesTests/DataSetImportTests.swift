import Common
import Foundation
import Testing

@testable import Images

@Suite struct DataSetImportTests {
  /// Makes a folder of class folders with `count` small images each, and some files that are no
  /// images.
  private func makeSource(_ path: String, classes: [String], count: Int = 10) throws {
    for name in classes {
      try FileContents.makeFolder("\(path)/\(name)")
      for number in 0..<count {
        let image = Image(width: 1, height: 1, pixels: [UInt8(number), UInt8(name.utf8.count), 7])
        try FileContents.write(image.encodedPNG(), to: "\(path)/\(name)/\(number).jpeg")
      }
      try FileContents.write(Data("no image".utf8), to: "\(path)/\(name)/notes.txt")
    }
  }

  private func files(in folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.contains(".") }.sorted(by: codePointOrder)
  }

  @Test("Each class is split by the same share, its folder named in English, its files untouched")
  func split() throws {
    try withTemporaryFolder { folder in
      try makeSource("\(folder)/raw-img", classes: ["cane", "gatto", "zebra"])
      let classes = try DataSetImport(source: folder).run(to: "\(folder)/out/animals")
      #expect(
        classes == [
          .init(source: "gatto", name: "cat", train: 8, val: 2),
          .init(source: "cane", name: "dog", train: 8, val: 2),
          .init(source: "zebra", name: "zebra", train: 8, val: 2),
        ])
      let made = try files(in: "\(folder)/out/animals")
      #expect(made.count == 30)
      let source = ["cat": "gatto", "dog": "cane", "zebra": "zebra"]
      for file in made {
        let parts = file.split(separator: "/").map(String.init)
        let original = try #require(source[parts[1]])
        #expect(
          try FileContents.read("\(folder)/out/animals/\(file)")
            == FileContents.read("\(folder)/raw-img/\(original)/\(parts[2])"))
      }
      // Another class draws another validation set.
      let drawn = ["cat", "dog", "zebra"].map { name in
        made.filter { $0.hasPrefix("val/\(name)/") }.compactMap { $0.split(separator: "/").last }
      }
      #expect(Set(drawn).count > 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out") == ["animals"])
    }
  }

  @Test("The seed decides which images are for validation, whatever the folders' language")
  func seeded() throws {
    try withTemporaryFolder { folder in
      try makeSource("\(folder)/it", classes: ["cane", "gatto"], count: 40)
      try makeSource("\(folder)/en", classes: ["dog", "cat"], count: 40)
      func drawn(_ source: String, seed: UInt64) throws -> [String] {
        let root = "\(folder)/\(source)-\(seed)"
        _ = try DataSetImport(source: "\(folder)/\(source)", seed: seed).run(to: root)
        return try files(in: "\(root)/val")
      }
      let first = try drawn("it", seed: 1)
      #expect(first.count == 16)
      #expect(try drawn("en", seed: 1) == first)
      #expect(try drawn("it", seed: 2) != first)
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
      try makeSource("\(folder)/raw", classes: ["dog"])
      #expect(try refused("raw").message == "two of its folders stand for the same class")
      try makeSource("\(folder)/single", classes: ["a", "b"], count: 1)
      #expect(try refused("single").message.hasPrefix("the class holds a single image"))
      try makeSource("\(folder)/split", classes: ["train", "val"])
      #expect(try refused("split").message == "it is split already")
      try FileContents.write(Data("no zip".utf8), to: "\(folder)/text.zip")
      #expect(try refused("text.zip").code == .badInput)
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
      #expect(imported.code == .interrupted && drawn.code == .interrupted)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["raw"])
    }
  }

  static let hasUnzip = ["/usr/bin/unzip", "/bin/unzip"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test("A zip gives the same data set as its folder", .enabled(if: hasUnzip))
  func zip() throws {
    try withTemporaryFolder { folder in
      let classes = try DataSetImport(source: ZipFixtures.path("raw-img.zip"))
        .run(to: "\(folder)/animals")
      #expect(classes.map(\.name) == ["cat", "dog"])
      #expect(
        try files(in: "\(folder)/animals").map { String($0.drop { $0 != "/" }) }.sorted()
          == ["/cat/1.png", "/cat/2.png", "/dog/1.png", "/dog/2.png", "/dog/3.jpeg"])
      #expect(try DataSetCheck(root: "\(folder)/animals", threads: 1).verdict == nil)
    }
  }

  @Test(
    "A zip that would write or read outside its folder is refused; nothing is unpacked",
    .enabled(if: hasUnzip),
    arguments: [
      ("outside.zip", "names a file outside its folder: raw-img/../../../escaped.png"),
      ("absolute.zip", "names a file outside its folder: /tmp/sweep-escaped.png"),
      ("link.zip", "the zip holds a link: raw-img/cane/3.png"),
      ("cut.zip", "cannot read the zip"), ("locked.zip", "cannot read the zip"),
    ])
  func hostile(name: String, says: String) throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: SweepError.self) {
        try DataSetImport(source: ZipFixtures.path(name)).run(to: "\(folder)/a/b/animals")
      }
      #expect(error.code == .badInput)
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
