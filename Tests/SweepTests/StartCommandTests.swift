import Foundation
import Testing

@Suite struct StartCommandTests {
  /// A zip file of class folders without splits.
  private func withPhotos(_ body: (_ folder: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let drawn = try SweepProcess(
        "data", "synth", "drawn", "--classes", "2", "--train-per-class", "40", "--val-per-class",
        "1", "--size", "40", in: folder)
      #expect(drawn.code == 0)
      try FileManager.default.moveItem(
        atPath: "\(folder)/drawn/train", toPath: "\(folder)/my photos")
      try body(folder)
    }
  }

  @Test("init, check, preview and run lead from a folder of pictures to a report")
  func newUser() throws {
    try withPhotos { folder throws in
      let begun = try SweepProcess("init", "my photos", "--budget", "20s", in: folder)
      #expect(begun.code == 0, "\(begun.errors)")
      #expect(begun.errors.contains("the data set is in data/my-photos\n"))
      #expect(
        begun.errors.hasSuffix(
          "next: sweep check my-photos.json\n      sweep run my-photos.json\n"))
      let text = try String(contentsOfFile: "\(folder)/my-photos.json", encoding: .utf8)
      #expect(begun.output.hasSuffix(text))
      #expect(text.contains(#""root": "data/my-photos""#))
      #expect(text.contains(#""resolution": [32]"#))

      let again = try SweepProcess("init", "my photos", in: folder)
      #expect(again.code == 64)
      #expect(
        again.errors
          == "sweep: my-photos.json: the file exists already; choose another with -o\n")

      let check = try SweepProcess("check", "my-photos.json", in: folder)
      #expect(check.code == 0, "\(check.errors)")
      #expect(check.output.contains("images  64 + 16 in 2 classes, all decoded\n"))
      #expect(check.output.contains("store   results/sweep.sqlite will be created\n"))

      let preview = try SweepProcess(
        "preview", "my-photos.json", "--images", "2", "--epochs", "1", in: folder)
      #expect(preview.code == 0, "\(preview.errors)")
      let sheet = try Data(contentsOf: URL(filePath: "\(folder)/sheet.png"))
      #expect(sheet.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      // Width and height: two tiles of 32 pixels and gaps of 4.
      #expect(sheet[16..<24].elementsEqual([0, 0, 0, 76, 0, 0, 0, 76]))
    }
  }

  @Test("A test split that init makes is the experiment's")
  func testSplit() throws {
    try withPhotos { folder throws in
      let begun = try SweepProcess(
        "init", "my photos", "--budget", "20s", "--test-fraction", "0.1", in: folder)
      #expect(begun.code == 0, "\(begun.errors)")
      #expect(begun.output.contains(#""val": "val","#))
      #expect(begun.output.contains(#""test": "test", "mean""#))
      let check = try SweepProcess("check", "my-photos.json", in: folder)
      #expect(check.output.contains("images  56 + 16 + 8 in 2 classes, all decoded\n"))
    }
  }

  @Test("check lists every mistake of the file and every broken image, and ends with 65")
  func mistakes() throws {
    try withPhotos { folder throws in
      #expect(try SweepProcess("init", "my photos", "--budget", "20s", in: folder).code == 0)
      let file = "\(folder)/my-photos.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try text.replacing("\"epochs\": 10", with: "\"epochs\": 0")
        .replacing("\"lr\": 0.001", with: "\"lr\": -1")
        .write(toFile: "\(folder)/wrong.json", atomically: true, encoding: .utf8)
      let wrong = try SweepProcess("check", "wrong.json", in: folder)
      #expect(wrong.code == 65)
      #expect(wrong.errors.contains("$.epochs") && wrong.errors.contains("$.optimizer.lr"))

      let files = try FileManager.default.subpathsOfDirectory(
        atPath: "\(folder)/data/my-photos/train")
      let image = try #require(files.first { $0.hasSuffix(".png") })
      try Data("no image".utf8).write(
        to: URL(filePath: "\(folder)/data/my-photos/train/\(image)"))
      let broken = try SweepProcess("check", "my-photos.json", in: folder)
      #expect(broken.code == 65)
      #expect(broken.output.contains("broken: 1\n"))
    }
  }
}
