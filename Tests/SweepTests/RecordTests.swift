import Foundation
import Testing

/// Results against those that are committed, to the bit; and records of results in general.
@Suite struct RecordTests {
  /// Eight cells, with each optimizer and each augmentation.
  private static let recipes = checkout("Tests/SweepTests/Fixtures/recipes")
  private static let quickstart = checkout("results/published/quickstart")

  private static func checkout(_ path: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(path).path
  }

  /// Draws the images of the committed record `recipes`.
  private func drawImages(in folder: String) throws {
    let drawn = try SweepProcess(
      "data", "synth", "data", "--classes", "3", "--train-per-class", "8", "--val-per-class", "4",
      "--size", "40", in: folder)
    #expect(drawn.code == 0, "\(drawn.errors)")
  }

  @Test(
    "Each optimizer and each augmentation gives the committed results at each vector width",
    arguments: [(1, 16), (3, 8)])
  func recipes(threads: Int, vectorWidth: Int) throws {
    try withTemporaryFolder { folder in
      try drawImages(in: folder)
      // Without AVX-512 the width is 8 in both.
      let verified = try SweepProcess(
        list: ["verify", Self.recipes, "--data", "data", "--threads", "\(threads)"], in: folder,
        environment: ["SWEEP_VECTOR_WIDTH": "\(vectorWidth)"])
      #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
      #expect(verified.output == "identical to the record in \(Self.recipes) to the bit: 8 cells\n")
      #expect(verified.errors.hasPrefix("training 8 cells again takes about "))
    }
  }

  @Test("The first cells of the quickstart give the published results")
  func quickstart() throws {
    try withTemporaryFolder { folder in
      #expect(try SweepProcess("data", "synth", "data", in: folder).code == 0)
      let verified = try SweepProcess(
        "verify", Self.quickstart, "--data", "data", "--cell", "mobilenet_v2-w0.35-r48-s0",
        "--cell", "c_mobilenet_v2-w0.35-r48-s0", in: folder)
      #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
    }
  }

  @Test("The first difference is named, and other images are refused unless they are asked for")
  func differences() throws {
    try withTemporaryFolder { folder in
      try drawImages(in: folder)
      let record = "\(folder)/record"
      try FileManager.default.copyItem(atPath: Self.recipes, toPath: record)
      let file = "\(record)/epochs.tsv"
      var lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: "\t").map(String.init) }
      // The last bit of the second epoch's training loss of the second cell.
      let loss = try #require(Double(lines[4][3]))
      lines[4][3] = "\(loss.nextUp)"
      try lines.map { $0.joined(separator: "\t") + "\n" }.joined()
        .write(toFile: file, atomically: true, encoding: .utf8)
      let (cell, same) = (lines[4][0], lines[1][0])
      let verified = try SweepProcess(
        "verify", record, "--data", "data", "--cell", cell, "--cell", same, in: folder)
      #expect(verified.code == 1)
      #expect(
        verified.output == "\(cell): epoch 2: train_loss is \(loss), in the record \(loss.nextUp)\n"
      )
      #expect(
        verified.errors.hasSuffix("sweep: 1 of 2 cells differs from the record in \(record)\n"))

      try FileManager.default.removeItem(atPath: "\(folder)/data/train/checks/checks-0000.png")
      let refused = try SweepProcess("verify", record, "--data", "data", in: folder)
      #expect(refused.code == 65)
      #expect(
        refused.errors.contains(
          "the images differ from the record's: train/checks/checks-0000.png is gone"))
      let other = try SweepProcess(
        "verify", record, "--data", "data", "--other-images", "--cell", same, in: folder)
      #expect(other.code == 1)
      #expect(other.output.hasPrefix("\(same): epoch 1: train_loss is "), "\(other.output)")
    }
  }

  @Test("An interrupted check says so, and leaves nothing behind")
  func interrupted() throws {
    try withTemporaryFolder { folder in
      try drawImages(in: folder)
      let record = "\(folder)/record"
      try FileManager.default.copyItem(atPath: Self.recipes, toPath: record)
      let file = "\(record)/experiment.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try text.replacing("\"epochs\": 2", with: "\"epochs\": 5000")
        .replacing("\"T_max\": 8", with: "\"T_max\": 80000")
        .write(toFile: file, atomically: true, encoding: .utf8)
      let scratch = "\(folder)/scratch"
      try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
      let verified = try SweepProcess(
        list: ["--preserve-status", "-s", "INT", "4", SweepProcess.program.path, "verify", record]
          + ["--data", "data"],
        in: folder, program: URL(filePath: "/usr/bin/timeout"), environment: ["TMPDIR": scratch])
      #expect(verified.code == 130)
      #expect(
        verified.errors.hasSuffix("sweep: interrupted; nothing was compared\n"),
        "\(verified.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).isEmpty)
    }
  }

  private static let damages:
    [(file: String, change: @Sendable (String) -> String, message: String)] = [
      ("cells.tsv", { $0 + "half a line\n" }, "6: this line has 1 columns, not 3"),
      ("cells.tsv", { String($0.dropLast(3)) }, "5: the last line is cut off"),
      ("cells.tsv", { $0 + $0.split(separator: "\n")[1] + "\n" }, "6: "),
      ("cells.tsv", { $0.replacing("final", with: "last") }, "1: the header line"),
      ("cells.tsv", { $0 + "1\t2\t3\n" }, "6: a digest has 64 hexadecimal digits"),
      ("epochs.tsv", { $0 + "x\t1\t1\t1\t1\t1\t1\n" }, "10: cells.tsv has no cell x"),
      ("epochs.tsv", { $0.replacing("\t2\t", with: "\t3\t") }, "3: epoch 2 is missing"),
      ("epochs.tsv", { $0.replacing("\t0.", with: "\tO.") }, "2: O."),
      ("data.txt", { $0 + "\n" }, " it is not the list"),
      ("record.json", { $0.replacing("1,", with: "2,") }, "1: $: this version"),
    ]

  @Test("A store and the record that was exported from it are identical; a record is damaged aloud")
  func export() throws {
    try SmallStudy.with { study in
      let store = "whole/sweep.sqlite"
      let exported = try SweepProcess(
        "export", "--record", "record", "--store", store, in: study.folder)
      #expect(exported.output == "wrote 4 cells to record\n")
      let compared = try SweepProcess("verify", "record", "--store", store, in: study.folder)
      #expect(compared.output == "identical to the record in record to the bit: 4 cells\n")
      try study.connect("whole") {
        try $0.execute(sql: "UPDATE epochs SET val_loss = val_loss * 2 WHERE epoch = 2")
      }
      let changed = try SweepProcess("verify", "record", "--store", store, in: study.folder)
      #expect(changed.code == 1)
      #expect(changed.output.split(separator: "\n").count == 4)
      #expect(changed.output.contains(": epoch 2: val_loss is "))

      for (file, change, message) in Self.damages {
        let path = "\(study.folder)/record/\(file)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try change(text).write(toFile: path, atomically: true, encoding: .utf8)
        let damaged = try SweepProcess("verify", "record", "--store", store, in: study.folder)
        #expect(damaged.code == 65)
        #expect(damaged.errors.hasPrefix("sweep: record/\(file):\(message)"), "\(damaged.errors)")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      }
      let unknown = try SweepProcess(
        "verify", Self.recipes, "--cell", "nowhere", in: study.folder)
      #expect(unknown.code == 64)
    }
  }
}
