import Foundation
import Testing

@Suite struct DataCommandTests {
  /// A folder with the drawn data set `data`: two classes, three training and two validation images
  /// each.
  private func withDataSet(_ body: (_ folder: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let drawn = try SweepProcess(
        "data", "synth", "data", "--classes", "2", "--train-per-class", "3", "--val-per-class", "2",
        "--size", "16", in: folder)
      #expect(drawn.code == 0)
      #expect(drawn.errors == "next: sweep init data\n")
      #expect(drawn.output == "data: 2 classes, 6 training and 4 validation images of 16×16\n")
      try body(folder)
    }
  }

  @Test("A drawn data set passes its check and has statistics")
  func sound() throws {
    try withDataSet { folder in
      let check = try SweepProcess("data", "check", "data", in: folder)
      #expect(check.code == 0)
      #expect(check.errors == "next: sweep data stats data\n      sweep init data\n")
      #expect(check.output.hasPrefix("class   train  val  total\n"))
      let stats = try SweepProcess("data", "stats", "data", "--json", in: folder)
      #expect(stats.code == 0)
      let figures = try JSONDecoder().decode(Statistics.self, from: Data(stats.output.utf8))
      #expect(figures.images == 6)
      #expect(figures.pixels == 6 * 256)
      #expect(figures.pooled_mean.allSatisfy { (0.05...0.95).contains($0) })
    }
  }

  private struct Statistics: Decodable {
    let images: Int
    let pixels: Int
    let pooled_mean: [Double]
  }

  @Test(
    "A broken image is listed on standard output; one line on standard error and 65 end the check")
  func broken() throws {
    try withDataSet { folder in
      try "not an image".write(
        toFile: "\(folder)/data/val/cross/a.png", atomically: false, encoding: .utf8)
      try Data().write(to: URL(fileURLWithPath: "\(folder)/data/train/cross/b.jpg"))
      let check = try SweepProcess("data", "check", "data", in: folder)
      #expect(check.code == 65)
      #expect(check.errors == "sweep: data: 2 of 12 images are broken; replace or remove them\n")
      #expect(
        check.output.contains(
          """
          broken: 2
            data/train/cross/b.jpg: the file is empty
            data/val/cross/a.png: the file holds text, not an image

          """))
      let stats = try SweepProcess("data", "stats", "data", in: folder)
      #expect(stats.code == 65)
      #expect(
        stats.errors == "sweep: data/train/cross/b.jpg: the file is empty; replace or remove it\n")
      #expect(stats.output == "")
    }
  }

  @Test("Import makes a data set of class folders and never writes over one")
  func imports() throws {
    try withDataSet { folder in
      let first = try SweepProcess("data", "import", "data/train", "new", in: folder)
      #expect(first.code == 0)
      #expect(
        first.output == """
          folder  class   train  val
          ──────────────────────────
          checks  checks      2    1
          cross   cross       2    1
          ──────────────────────────
          all                 4    2

          """)
      let second = try SweepProcess("data", "import", "data/train", "new", in: folder)
      #expect(second.code == 65)
      #expect(second.output == "")
      #expect(second.errors.contains("new: it exists already and is not an empty folder; "))
    }
  }

  @Test(
    "Wrong usage ends with 64 and names the option",
    arguments: [
      ["synth", "x", "--classes", "1"], ["synth", "x", "--size", "0"],
      ["check", "x", "--threads", "0"], ["import", "x", "y", "--val-fraction", "1"],
    ])
  func usage(arguments: [String]) throws {
    let option = arguments[arguments.count - 2]
    let run = try SweepProcess(list: ["data"] + arguments)
    #expect(run.code == 64)
    #expect(run.errors.contains(option))
    #expect(run.output == "")
  }

  @Test("Every command's help has examples", arguments: ["synth", "import", "check", "stats"])
  func help(command: String) throws {
    let run = try SweepProcess("data", command, "--help")
    #expect(run.code == 0)
    #expect(run.output.contains("Examples:\n  sweep data \(command) "))
  }
}
