import Foundation
import Testing

/// What is done with trained networks: predict, evaluate, export --onnx.
@Suite(.serialized) struct TrainedNetworkTests {
  private static let cell = "mobilenet_v2-w0.1-r40-s0"

  /// A folder with a data set and two trained cells; validation takes three batches, the last one
  /// smaller.
  private func withRun(_ body: (_ folder: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let drawn = try SweepProcess(
        "data", "synth", "data", "--classes", "2", "--train-per-class", "4", "--val-per-class", "5",
        "--size", "24", in: folder)
      #expect(drawn.code == 0)
      try """
      {"name": "small", "dataset": {"root": "data"}, "epochs": 2, "batch_size": 4,
       "grid": {"model": ["mobilenet_v2", "c_mobilenet_v2"], "width": [0.1], "resolution": [40]}}
      """.write(toFile: folder + "/small.json", atomically: true, encoding: .utf8)
      let run = try SweepProcess("run", "small.json", "--progress", "none", in: folder)
      #expect(run.code == 0, "\(run.errors)")
      try body(folder)
    }
  }

  private struct Evaluation: Decodable {
    let loss: Double
    let accuracy: Double
    let images: Int
  }

  @Test("Evaluating the validation folder gives the recorded figures to the bit, on any threads")
  func evaluate() throws {
    try withRun { folder in
      let report = try SweepProcess("report", "--csv", in: folder)
      let rows = report.output.split(separator: "\n").map { $0.split(separator: ",") }
      let columns = ["val_loss", "val_accuracy"].compactMap { rows[0].firstIndex(of: $0[...]) }
      try #require(rows.count == 3 && columns.count == 2)
      for (row, threads) in zip(rows.dropFirst(), ["1", "3"]) {
        let run = try SweepProcess(
          "evaluate", "\(row[1])", "data/val", "--json", "--threads", threads,
          in: folder)
        #expect(run.code == 0 && run.errors == "")
        let figures = try JSONDecoder().decode(Evaluation.self, from: Data(run.output.utf8))
        #expect(figures.loss == Double(row[columns[0]]))
        #expect(figures.accuracy == Double(row[columns[1]]))
        #expect(figures.images == 10)
      }
      let here = try SweepProcess(
        "evaluate", Self.cell, ".", "--json", "--store", "../../results/sweep.sqlite",
        in: folder + "/data/val")
      #expect(here.code == 0, "\(here.errors)")
      // A class that has no images is told, and the others are evaluated.
      try FileManager.default.createDirectory(
        atPath: folder + "/part", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: folder + "/data/val/cross", toPath: folder + "/part/cross")
      let part = try SweepProcess("evaluate", Self.cell, "part", in: folder)
      #expect(part.code == 0 && part.errors.hasPrefix("sweep: part: no images of checks\n"))
      #expect(part.output.hasPrefix("\(Self.cell) on part: 5 images, accuracy "))
    }
  }

  @Test("Images that cannot be read are all named before any is evaluated")
  func brokenImages() throws {
    try withRun { folder in
      for name in ["checks/b.png", "cross/a.jpg"] {
        try "text".write(toFile: "\(folder)/data/val/\(name)", atomically: true, encoding: .utf8)
      }
      let run = try SweepProcess("evaluate", Self.cell, "data/val", in: folder)
      #expect(run.code == 65 && run.output.isEmpty)
      #expect(
        run.errors == """
          sweep: data/val/checks/b.png: the file holds text, not an image
          sweep: data/val/cross/a.jpg: the file holds text, not an image
          sweep: data: 2 of 12 images are broken; replace or remove them

          """)
    }
  }

  @Test("One bad image is one line and 65; the others are classified")
  func predict() throws {
    try withRun { folder in
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/data/val/cross")
      let image = "data/val/cross/" + (try #require(names.min()))
      let run = try SweepProcess(
        "predict", Self.cell, image, "small.json", "missing.png", image, in: folder)
      #expect(run.code == 65)
      #expect(
        run.errors == """
          sweep: small.json: the file holds text, not an image
          sweep: missing.png: cannot open the file: No such file or directory

          """)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 2 && lines[0] == lines[1])
      let shape = try Regex("\(image): (checks|cross) [0-9.]+ %, (checks|cross) [0-9.]+ %")
      #expect(try shape.wholeMatch(in: lines[0]) != nil, "\(lines)")

      let json = try SweepProcess("predict", Self.cell, "--json", "--top", "2", image, in: folder)
      #expect(json.code == 0)
      let predictions = try JSONDecoder().decode(Predictions.self, from: Data(json.output.utf8))
        .images
      #expect(predictions.count == 1 && predictions[0].image == image)
      let classes = predictions[0].classes
      #expect(Set(classes.map(\.class)) == ["checks", "cross"])
      #expect(abs(classes.map(\.probability).reduce(0, +) - 1) < 1e-12)
      #expect(classes[0].probability >= classes[1].probability)
    }
  }

  private struct Predictions: Decodable {
    let images: [Prediction]
  }

  private struct Prediction: Decodable {
    struct Class: Decodable {
      let `class`: String
      let probability: Double
    }
    let image: String
    let classes: [Class]
  }

  @Test("An exported network is the same file each time, and says what its classes are")
  func export() throws {
    try withRun { folder in
      let runs = try [["-o", "a.onnx"], []].map {
        try SweepProcess(list: ["export", "--onnx", Self.cell] + $0, in: folder)
      }
      #expect(runs.map(\.code) == [0, 0])
      #expect(runs[0].output == "wrote \(Self.cell) to a.onnx\n")
      let text = String(
        decoding: try Data(contentsOf: URL(filePath: "\(folder)/a.onnx")), as: UTF8.self)
      #expect(text.contains("val_transform"))
      let files = try ["a", Self.cell].map {
        try Data(contentsOf: URL(filePath: "\(folder)/\($0).onnx"))
      }
      #expect(files[0] == files[1])
      #expect(files[0].range(of: Data(#"["checks","cross"]"#.utf8)) != nil)
      let folderGiven = try SweepProcess(
        "export", "--onnx", Self.cell, "-o", "data", in: folder)
      #expect(folderGiven.code == 64 && folderGiven.errors.contains("is a folder"))
      let wrong = try SweepProcess("export", "--onnx", "mobilenet", "-o", "b.onnx", in: folder)
      #expect(wrong.code == 65 && wrong.errors.split(separator: "\n").count == 1)
      #expect(!FileManager.default.fileExists(atPath: folder + "/b.onnx"))
    }
  }

  @Test(arguments: [
    ["predict", "cell"], ["predict", "cell", "image", "--top", "0"], ["evaluate", "cell"],
    ["evaluate", "cell", "root", "--csv", "--json"],
    ["evaluate", "cell", "root", "--threads", "0"],
    ["export", "-o", "file"],
  ])
  func wrongUsage(arguments: [String]) throws {
    let run = try SweepProcess(list: arguments)
    #expect(run.code == 64 && run.output.isEmpty)
  }

  @Test(arguments: [
    ["predict", "c", "i"], ["evaluate", "c", "r"], ["export", "--onnx", "c", "-o", "f"],
  ])
  func aMissingStoreIsOneLine(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let run = try SweepProcess(list: arguments, in: folder)
      #expect(run.code == 65 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("sweep: results/sweep.sqlite: there is no store here; "))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }
}
