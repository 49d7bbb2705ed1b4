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

  @Test("A list of files to leave out lets an experiment run without them, and is part of its file")
  func exclusions() throws {
    try withDataSet { folder in
      let data = "\(folder)/data"
      try "not an image".write(
        toFile: "\(data)/val/cross/a.png", atomically: false, encoding: .utf8)
      let files = FileManager.default
      try files.copyItem(
        atPath: "\(data)/val/cross/cross-0001.png", toPath: "\(data)/train/cross/twin.png")
      for folder in ["train/cross", "train/checks"] {
        try files.copyItem(
          atPath: "\(data)/train/cross/cross-0002.png", toPath: "\(data)/\(folder)/x.png")
      }
      let check = try SweepProcess("data", "check", "data", "--list", "out.txt", in: folder)
      #expect(check.code == 0)
      #expect(
        check.errors == """
          out.txt: 5 files to leave out, for dataset.exclude in an experiment
          next: sweep data stats data --exclude out.txt

          """)
      #expect(
        try String(contentsOfFile: "\(folder)/out.txt", encoding: .utf8) == """
          # Images to leave out, as paths from the data set's folder.
          # same image as train/cross/cross-0002.png of another class
          train/checks/x.png
          # same image as train/checks/x.png of another class
          train/cross/cross-0002.png
          # same image as val/cross/cross-0001.png
          train/cross/twin.png
          # same image as train/checks/x.png of another class
          train/cross/x.png
          # the file holds text, not an image
          val/cross/a.png

          """)
      let again = try SweepProcess("data", "check", "data", "--list", "out.txt", in: folder)
      #expect(again.code == 65)
      #expect(
        again.errors == "sweep: out.txt: the file exists; remove it or write to another one\n")
      let rest = try SweepProcess("data", "check", "data", "--exclude", "out.txt", in: folder)
      #expect(rest.code == 0)
      #expect(rest.output.contains("\nexcluded: 5\n  train/checks/x.png\n"))

      try """
      {"name": "e", "dataset": {"root": "../data", "exclude": "../list.txt"}, "epochs": 1,
       "grid": {"model": ["mobilenet_v1"], "width": [0.1], "resolution": [8]}}
      """.write(toFile: "\(folder)/list.json", atomically: false, encoding: .utf8)
      try files.createDirectory(atPath: "\(folder)/files", withIntermediateDirectories: true)
      try files.moveItem(atPath: "\(folder)/list.json", toPath: "\(folder)/files/e.json")
      let missing = try SweepProcess("run", "files/e.json", in: folder)
      #expect(missing.code == 65)
      #expect(
        missing.errors.hasPrefix(
          "sweep: files/e.json:1: $.dataset.exclude: files/../list.txt: cannot open the list of "))
      let list = try String(contentsOfFile: "\(folder)/out.txt", encoding: .utf8)
      try (list + "train/cross/gone.png\r\n").write(
        toFile: "\(folder)/list.txt", atomically: false, encoding: .utf8)
      let run = try SweepProcess("run", "files/e.json", "--progress", "plain", in: folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(
        run.errors.contains(
          "data: 5 images excluded; the list names no image with 1 path: train/cross/gone.png\n"))
      // The experiment as stored needs no list, and checks the same images.
      let export = try SweepProcess("export", "--record", "record", in: folder)
      #expect(export.code == 0, "\(export.errors)")
      try files.removeItem(atPath: "\(folder)/list.txt")
      let verify = try SweepProcess("verify", "record", "--data", "data", in: folder)
      #expect(verify.code == 0, "\(verify.errors)")
    }
  }

  @Test("The final weights are tested as `sweep evaluate` does, and the report says so")
  func testSplit() throws {
    try withDataSet { folder in
      let imported = try SweepProcess(
        "data", "import", "data/train", "new", "--test-fraction", "0.3", in: folder)
      #expect(imported.code == 0)
      try """
      {"name": "e", "dataset": {"root": "new", "test": "test"}, "epochs": 1,
       "grid": {"model": ["mobilenet_v1"], "width": [0.1], "resolution": [8]}}
      """.write(toFile: "\(folder)/e.json", atomically: false, encoding: .utf8)
      let check = try SweepProcess("check", "e.json", in: folder)
      #expect(check.code == 0, "\(check.errors)")
      #expect(check.output.contains("images  2 + 2 + 2 in 2 classes, all decoded"))
      let run = try SweepProcess("run", "e.json", in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let csv = try SweepProcess("report", "--csv", in: folder).output.split(separator: "\n")
      let (loss, accuracy) = (
        csv[1].split(separator: ",").suffix(2).first, csv[1].split(separator: ",").last
      )
      let evaluation = try SweepProcess("evaluate", "last", "new/test", "--json", in: folder)
      #expect(evaluation.output.contains("\"accuracy\": \(accuracy ?? "?")"))
      #expect(evaluation.output.contains("\"loss\": \(loss ?? "?")"))
      let report = try SweepProcess("report", in: folder)
      #expect(report.output.contains("best by validation"))
    }
  }

  @Test("Cross-validation needs one folder of images, and the report shows the folds together")
  func crossValidation() throws {
    try withDataSet { folder in
      try FileManager.default.removeItem(atPath: "\(folder)/data/val")
      try """
      {"name": "e", "dataset": {"root": "data", "folds": 3}, "epochs": 1,
       "grid": {"model": ["mobilenet_v1"], "width": [0.1], "resolution": [8]}}
      """.write(toFile: "\(folder)/e.json", atomically: false, encoding: .utf8)
      let check = try SweepProcess("check", "e.json", in: folder)
      #expect(check.code == 0, "\(check.errors)")
      #expect(check.output.contains("images  6 in 2 classes, all decoded"))
      let run = try SweepProcess("run", "e.json", in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let report = try SweepProcess("report", in: folder)
      #expect(report.output.contains("3 cells: 3 done"))
      #expect(report.output.contains(" ± "))
      #expect(!report.output.contains("fold"))
      let csv = try SweepProcess("report", "--csv", in: folder).output.split(separator: "\n")
      #expect(csv[0].hasSuffix(",dataset.fold"))
      #expect(csv.dropFirst().map { $0.last } == ["0", "1", "2"])
      // A fold is trained on the images outside it: other weights than its neighbor's.
      let store = try SweepProcess(
        "sql", "SELECT count(DISTINCT sha256) FROM files WHERE kind = 'final'", in: folder)
      #expect(store.output.contains("3"))
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
