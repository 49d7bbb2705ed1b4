import Foundation
import GRDB
import Testing

/// Sweeps of real processes on machines that lack something, and on hostile names.
@Suite(.serialized) struct FaultyMachineTests {
  @Test("Files that cannot grow end a sweep in one line; with room again nothing is lost")
  func fileSizes() throws {
    try SmallStudy.with { study in
      for limit in [1, 150, 400] {
        let run = try study.run("full\(limit)", limit: "-f \(limit)")
        #expect(run.code == 1, "\(run.code): \(run.errors)")
        let line = try #require(run.errors.split(separator: "\n").last)
        #expect(line.hasPrefix("sweep: full\(limit)/"), "\(line)")
        let next = try study.run("full\(limit)")
        #expect(next.code == 0, "\(next.errors)")
        try study.expectWhole("full\(limit)")
      }
    }
  }

  @Test("A cell whose memory the system does not give is recorded as failed, and the others go on")
  func addressSpace() throws {
    try SmallStudy.with { study in
      try """
      {"name": "small", "dataset": {"root": "data"}, "epochs": 1, "batch_size": 64,
       "grid": {"model": ["mobilenet_v1"], "width": [1.0], "resolution": [512, 33]}}
      """.write(toFile: study.folder + "/small.json", atomically: true, encoding: .utf8)
      let run = try study.run("small", limit: "-v 3000000")
      #expect(run.code == 1, "\(run.errors)")
      #expect(run.errors.contains("1 of 2 cells failed (mobilenet_v1-w1.0-r512-s0)"))
      let status = try SweepProcess("status", "--store", "small/sweep.sqlite", in: study.folder)
      #expect(status.output.contains("1 done, 1 failed"))
      #expect(status.output.contains("of memory"))
    }
  }

  @Test(
    "An image for which there is no memory is not called broken",
    arguments: [
      ("progressive-420.jpg", 1_000_000), ("rgb-8-interlaced.png", 1_000_000),
      ("progressive-420.jpg", 600_000),
    ])
  func imageMemory(image: String, kilobytes: Int) throws {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../ImagesTests/Fixtures/decoding/good/\(image)")
    var bytes = Array(try Data(contentsOf: fixture))
    let side: [UInt8] = [0x2E, 0xE0]  // 12,000 pixels
    if image.hasSuffix("jpg") {
      let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC2 })
      bytes.replaceSubrange(frame + 5..<frame + 9, with: side + side)
    } else {
      bytes.replaceSubrange(16..<24, with: [0, 0] + side + [0, 0] + side)
      let sum = Self.crc32(bytes[12..<29])
      bytes.replaceSubrange(29..<33, with: withUnsafeBytes(of: sum.bigEndian, Array.init))
    }
    try SmallStudy.with { study in
      let path = study.folder + "/data/train/checks/huge.png"
      try Data(bytes).write(to: URL(filePath: path))
      let check = try SweepProcess(
        list: [
          "-c", "ulimit -v \(kilobytes); exec \"$0\" data check data --threads 1",
          SweepProcess.program.path,
        ], in: study.folder, program: URL(filePath: "/bin/sh"))
      #expect(check.code == 1, "\(check.errors)")
      #expect(
        check.errors.hasSuffix(
          "huge.png: cannot decode the image: Cannot allocate memory; free memory and run the "
            + "command again\n"), "\(check.errors)")
    }
  }

  /// The checksum of PNG's chunks.
  private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = sum & 1 == 1
        sum >>= 1
        if isOdd { sum ^= 0xEDB8_8320 }
      }
    }
    return ~sum
  }

  @Test("A reader that goes away ends a report quietly, and no training")
  func readerGone() throws {
    try SmallStudy.with { study in
      let store = "--store piped/sweep.sqlite"
      let script = """
        "$0" run small.json \(store) --progress plain 2>&1 | true
        { "$0" report --history --csv \(store); echo $? >&2; } | true
        """
      let shell = try SweepProcess(
        list: ["-c", script, SweepProcess.program.path], in: study.folder,
        program: URL(filePath: "/bin/sh"))
      #expect(shell.errors == "0\n")
      try study.expectWhole("piped")
    }
  }

  @Test("A list without a cell is refused by its name")
  func emptyList() throws {
    try SmallStudy.with { study in
      try "\n".write(toFile: study.folder + "/cells", atomically: true, encoding: .utf8)
      let run = try study.run("whole", ["--cells-from", "cells"])
      #expect(run.code == 65)
      #expect(run.errors == "sweep: cells: the list has no cells; write one cell id per line\n")
    }
  }

  @Test("A broken data set leaves no store behind")
  func brokenData() throws {
    try SmallStudy.with { study in
      try Data("no image".utf8).write(
        to: URL(filePath: study.folder + "/data/train/checks/bad.png"))
      let run = try study.run("new")
      #expect(run.code == 65)
      #expect(!FileManager.default.fileExists(atPath: study.folder + "/new"))
    }
  }

  @Test("An image that is gone is named before anything is trained further")
  func lostImage() throws {
    try SmallStudy.with { study in
      #expect(try study.run("lost", ["--only", "resolution=33"]).code == 0)
      let before = try study.history("lost")
      let names = try FileManager.default.contentsOfDirectory(
        atPath: study.folder + "/data/train/checks"
      ).sorted()
      let image = "train/checks/\(try #require(names.first))"
      try FileManager.default.removeItem(atPath: "\(study.folder)/data/\(image)")
      let run = try study.run("lost")
      #expect(run.code == 65)
      #expect(run.errors.contains("\(image) is gone"), "\(run.errors)")
      #expect(try study.history("lost") == before)
    }
  }

  @Test("Names of folders and files reach neither SQL nor HTML nor a shell as anything but names")
  func hostileNames() throws {
    try SmallStudy.with { study in
      let classes = ["'); DROP TABLE cells;--", "<script>alert(1)<", "$(touch pwned)`touch pwned`"]
      let folders = try FileManager.default.contentsOfDirectory(
        atPath: study.folder + "/data/train"
      ).sorted()
      for (index, name) in classes.enumerated() {
        for split in ["train", "val"] {
          try FileManager.default.copyItem(
            atPath: "\(study.folder)/data/\(split)/\(folders[index % 2])",
            toPath: "\(study.folder)/data/\(split)/\(name)")
        }
      }
      let run = try study.run("hostile", ["--html", "page"])
      #expect(run.code == 0, "\(run.errors)")
      let names = try study.connect("hostile") {
        try String.fetchOne($0, sql: "SELECT classes FROM validation_sets") ?? ""
      }
      for name in classes { #expect(names.contains(name)) }
      let page = try String(contentsOfFile: study.folder + "/page/index.html", encoding: .utf8)
      #expect(!page.contains("<script>alert"))
      let touched = try FileManager.default.subpathsOfDirectory(atPath: study.folder)
      #expect(!touched.contains { $0.hasSuffix("pwned") && !$0.contains("data/") })
    }
  }
}
