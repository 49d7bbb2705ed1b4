import Common
import Engine
import Foundation
import Results
import Testing
import Weights

@testable import Study

@Suite struct TrainedCellTests {
  private static let cell = "mobilenet_v1-w0.1-r64-s0"
  private static let file = Workshop.file(models: ["mobilenet_v1"])

  private func message(_ cell: String, in workshop: Workshop) throws -> String {
    let store = try Store.read(workshop.store)
    let error = #expect(throws: SweepError.self) {
      _ = try TrainedCell(cell, of: nil, in: store)
    }
    #expect(error?.kind == .badInput)
    return error?.description ?? ""
  }

  @Test("A done cell comes with its network, its classes' names and its final weights")
  func done() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    let trained = try TrainedCell(Self.cell, of: nil, in: Store.read(workshop.store))
    #expect(trained.experiment == "trial" && trained.cell.resolution == 64)
    #expect(trained.classes == ["cat", "dog", "elk"] && trained.network.classes == 3)
    #expect(trained.note == nil)
    #expect(trained.weightsFile.hasSuffix("/trial/final/\(Self.cell).safetensors"))
    #expect(try trained.weights == Safetensors.read(trained.weightsFile).tensors)
  }

  @Test("An unknown cell is answered with the nearest id")
  func unknown() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    let message = try self.message("mobilenet_v1-w0.1-r63-s0", in: workshop)
    #expect(message.hasSuffix("did you mean \"\(Self.cell)\"?"))
    #expect(try self.message("x", in: workshop).contains("ids look like mobilenet_v1-w0.1-r"))
  }

  /// An epoch has three steps.
  @Test(
    "A cell in training comes with its checkpoint's weights once an epoch is complete, and says so",
    arguments: [
      (4, "interrupted", "1 of 2 epochs and 2 steps"), (2, "diverged", nil),
      (5, "diverged", "1 of 2 epochs"), (1, "interrupted", nil),
    ] as [(Int, String, String?)])
  func unfinished(lastStep: Int, status: String, epochs: String?) throws {
    let workshop = try Workshop()
    let interrupt = Interrupt()
    workshop.engine.onStep = { _, step in
      guard step == lastStep else { return nil }
      if status == "diverged" { return .nan }
      interrupt.request()
      return nil
    }
    #expect(throws: SweepError.self) { try workshop.run(Self.file, interrupt: interrupt) }
    if let epochs {
      let trained = try TrainedCell(Self.cell, of: nil, in: Store.read(workshop.store))
      #expect(
        trained.note == "\(Self.cell) is \(status), not done: these are its"
          + " weights after \(epochs)")
      let checkpoint = try Safetensors.read(workshop.checkpoint(Self.cell)).tensors
      #expect(trained.weights == checkpoint.filter { !$0.name.hasPrefix("optimizer.") })
    } else {
      #expect(
        try message(Self.cell, in: workshop)
          == "\(Self.cell): it is \(status) and has no weights of a complete epoch yet;"
          + (status == "diverged"
            ? " `sweep run --retry-failed` tries again" : " `sweep run` trains it"))
    }
  }

  @Test("A cell that left the grid is read by its own recipe, whatever the experiment's file says")
  func dropped() throws {
    let workshop = try Workshop()
    try workshop.run(
      Workshop.file(models: ["mobilenet_v1"], settings: #""dropout": 0.5, "channels": "minimum_8""#)
    )
    let before = try TrainedCell(Self.cell, of: nil, in: Store.read(workshop.store))
    try workshop.run(
      Workshop.file(
        models: ["mobilenet_v1"], resolutions: [48],
        settings: #""dropout": 0.5, "channels": "minimum_8""#))
    let queue = try Store.open(workshop.store)
    try queue.register(
      ExperimentDescription(name: "trial", file: "no JSON", folder: "trial", cells: []))
    let trained = try TrainedCell(Self.cell, of: nil, in: Store.read(workshop.store))
    #expect(
      trained.weights == before.weights && trained.network.parameters == before.network.parameters)
    #expect(trained.cell.recipe.channels.rawValue == "minimum_8")
  }

  @Test("Weights that are gone or another network's are named by their file")
  func weights() throws {
    let workshop = try Workshop()
    try workshop.run(Workshop.file())
    let folder = "\(workshop.path)/results/trial/final"
    let path = "\(folder)/\(Self.cell).safetensors"
    try FileManager.default.removeItem(atPath: path)
    #expect(try message(Self.cell, in: workshop).hasPrefix(path + ": "))
    let other = "\(folder)/mobilenet_v2-w0.1-r64-s0.safetensors"
    try FileManager.default.copyItem(atPath: other, toPath: path)
    #expect(try message(Self.cell, in: workshop).hasPrefix(path + ": "))
  }

  /// Makes empty files: only their names matter before they are read.
  private func withImages(
    _ names: [String], _ body: (_ root: String) throws -> Void
  ) throws {
    let root = NSTemporaryDirectory() + "sweep-labeled-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for name in names {
      let path = "\(root)/\(name)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: path))
    }
    try body(root)
  }

  @Test("Images are labeled as the network numbers its classes, whichever are there")
  func labels() throws {
    try withImages(["elk/1.png", "cat/2.png", "cat/1.jpg"]) { root in
      let images = try LabeledImages(root + "/", classes: ["cat", "dog", "elk"])
      #expect(images.paths == ["cat/1.jpg", "cat/2.png", "elk/1.png"].map { "\(root)/\($0)" })
      #expect(images.labels == [0, 0, 2])
      #expect(images.missing == ["dog"])
    }
  }

  @Test(
    "Folders that are no class are named, with what to do",
    arguments: [
      (["cat/1.png", "elc/1.png"], "not classes of the network: elc; did you mean \"elk\"?"),
      (
        ["cow/1.png", "hen/1.png"],
        "not classes of the network: cow, hen; its classes are cat, dog, elk"
      ),
      (["train/cat/1.png", "val/cat/1.png"], "train, val; name one of its splits: ROOT/val"),
    ])
  func unknownFolders(names: [String], end: String) throws {
    try withImages(names) { root in
      let error = #expect(throws: SweepError.self) {
        _ = try LabeledImages(root, classes: ["cat", "dog", "elk"])
      }
      #expect(error?.kind == .badInput && error?.location == root)
      #expect(
        error?.description.hasSuffix(end.replacing("ROOT", with: root)) == true, "\(error as Any)")
    }
  }
}
