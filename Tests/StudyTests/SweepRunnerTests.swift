import Common
import Engine
import Foundation
import Results
import Testing
import Weights

@testable import Study

@Suite struct SweepRunnerTests {
  private static let cells = [
    "mobilenet_v1-w0.1-r64-s0", "mobilenet_v1-w0.1-r48-s0", "mobilenet_v2-w0.1-r64-s0",
    "mobilenet_v2-w0.1-r48-s0",
  ]

  @Test("Every cell is trained, recorded epoch by epoch, and its weights are kept")
  func wholeSweep() throws {
    let workshop = try Workshop()
    try workshop.run()
    #expect(
      try workshop.statuses() == Dictionary(uniqueKeysWithValues: Self.cells.map { ($0, .done) }))
    #expect(try workshop.history().map(\.epoch) == [1, 2, 1, 2, 1, 2, 1, 2])
    let expected =
      ["mobilenet_v1-w0.1-s0", "mobilenet_v2-w0.1-s0"].map { "initial/\($0).safetensors" }
      + Self.cells.flatMap { ["final/\($0).safetensors", "checkpoints/\($0).safetensors"] }
    #expect(try workshop.files().count == expected.count)
    #expect(
      try Store.read(workshop.store).files(of: "trial").map(\.path).sorted()
        == expected.map { "trial/\($0)" }.sorted())
    let records = try Store.read(workshop.store).history(of: "trial").map(\.record)
    #expect(records.allSatisfy { $0.learningRate == 0.001 && $0.imagesPerSecond > 0 })
    #expect(records.allSatisfy { $0.trainAccuracy == 0.5 && $0.valAccuracy == 0.5 })
  }

  @Test("The last validation predictions, the latency and the activations' memory are kept")
  func keepsPredictions() throws {
    let workshop = try Workshop()
    try workshop.run()
    let store = try Store.read(workshop.store)
    #expect(try store.validationSets(of: "trial") == [workshop.batches.validationSet])
    let predictions = try store.predictions(of: "trial") { $0 }
    // Two epochs of three steps: the fake predictions tell after how many they were made.
    #expect(predictions.map(\.classes) == Array(repeating: [0, 1, 2, 0, 1, 2], count: 4))
    for row in try store.results(of: "trial") {
      #expect(row.latencySeconds == 0.25 && row.cell.activationBytes ?? 0 > 0)
    }
  }

  @Test("The cells of a resolution share one stream of batches")
  func sharedStream() throws {
    let workshop = try Workshop()
    try workshop.run()
    // 3 batches × 2 epochs × 2 resolutions, whatever the number of models.
    #expect(workshop.batches.given == 12)
  }

  @Test("Every resolution starts from the same recorded file of initial weights")
  func initialWeights() throws {
    let workshop = try Workshop()
    try workshop.run()
    let data = try Data(
      contentsOf: URL(
        filePath: workshop.path + "/results/trial/initial/mobilenet_v1-w0.1-s0.safetensors"))
    let hashes = try Store.read(workshop.store).cells(of: "trial")
      .filter { $0.description.model == "mobilenet_v1" }.map(\.lastRun?.initialWeightsSHA256)
    #expect(hashes == [SHA256.hash(data), SHA256.hash(data)])
  }

  @Test("The same command again trains nothing")
  func nothingLeft() throws {
    let workshop = try Workshop()
    try workshop.run()
    let (history, files) = (try workshop.history(), try workshop.files())
    try workshop.run()
    #expect(workshop.engine.trained.count == 4)
    #expect(try workshop.history() == history)
    #expect(try workshop.files() == files)
  }

  @Test("Cells that were added to the grid are run, and the finished ones are left alone")
  func addedCells() throws {
    let workshop = try Workshop()
    try workshop.run(Workshop.file(models: ["mobilenet_v2"], resolutions: [48]))
    let before = try workshop.files()
    try workshop.run()
    #expect(workshop.engine.trained.count == 4)
    let after = try workshop.files()
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    let whole = try Workshop()
    try whole.run()
    #expect(try workshop.history() == whole.history())
    #expect(after == (try whole.files()))
  }

  @Test("More epochs go on from the last one, as if they had been asked for at first")
  func extended() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    try workshop.run(Workshop.file(epochs: 2))
    try workshop.run(Workshop.file(epochs: 5))
    try whole.run(Workshop.file(epochs: 5))
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
    #expect(workshop.batches.given == whole.batches.given)
  }

  @Test(
    "A sweep that was interrupted after any step of any cell goes on to the same results",
    arguments: 0..<24)
  func interrupted(after steps: Int) throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let interrupt = Interrupt()
    var left = steps
    workshop.engine.onStep = { (_, _) throws(SweepError) in
      if left == 0 { interrupt.request() }
      left -= 1
      return nil
    }
    let error = try #require(throws: SweepError.self) {
      try workshop.run(interrupt: interrupt)
    }
    #expect(error.kind == .interrupted)
    #expect(left == -1)
    #expect(try workshop.statuses().values.contains(.interrupted))
    try workshop.run()
    try whole.run()
    // 3 batches × 2 epochs × 4 cells, none of them twice.
    #expect(steps - left == 24)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("A cell that was interrupted rejoins the others at its step")
  func rejoins() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let interrupt = Interrupt()
    workshop.batches.onBatch = { epoch, step in
      if epoch == 2 && step == 1 { interrupt.request() }
    }
    #expect(throws: SweepError.self) {
      try workshop.run(Workshop.file(models: ["mobilenet_v2"]), interrupt: interrupt)
    }
    workshop.batches.onBatch = { (_, _) throws(SweepError) in }
    try workshop.run()
    try whole.run()
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("A changed recipe under the same name is refused with the difference, and nothing changes")
  func changedRecipe() throws {
    let workshop = try Workshop()
    try workshop.run()
    let (history, files) = (try workshop.history(), try workshop.files())
    let error = try #require(throws: SweepError.self) {
      try workshop.run(Workshop.file(settings: #""optimizer": {"lr": 0.1}, "shuffle": false"#))
    }
    #expect(error.kind == .badInput)
    #expect(error.description.contains("optimizer.lr was 0.001, is now 0.1"))
    #expect(error.description.contains("shuffle was true, is now false"))
    #expect(try workshop.history() == history)
    #expect(try workshop.files() == files)
  }

  @Test("Changed images are refused once there are results from the old ones")
  func changedData() throws {
    let workshop = try Workshop()
    try workshop.run()
    workshop.batches.fingerprint = "other"
    let error = try #require(throws: SweepError.self) {
      try workshop.run(Workshop.file(epochs: 3))
    }
    #expect(error.kind == .badInput)
    #expect(error.description.hasPrefix("data: the images differ from those that"))
  }

  @Test("Initial weights that were exchanged are not used, but made again beside them")
  func exchangedInitialWeights() throws {
    let workshop = try Workshop()
    try workshop.run(Workshop.file(resolutions: [64]))
    let path = workshop.path + "/results/trial/initial/mobilenet_v1-w0.1-s0.safetensors"
    var contents = try Safetensors.read(path)
    contents.metadata["note"] = "mine"
    try Safetensors.write(contents, to: path)
    try workshop.run()
    #expect(try Safetensors.read(path) == contents)
    let whole = try Workshop()
    try whole.run()
    #expect(try workshop.history() == whole.history())
    #expect(
      try Safetensors.read(path.replacing("-s0.", with: "-s0~2.")).tensors == contents.tensors)
  }

  @Test("Weights that lie in the folder already are another store's, and stay as they are")
  func occupiedFolder() throws {
    let (first, second) = (try Workshop(), try Workshop())
    try first.run(Workshop.file(models: ["mobilenet_v1"]))
    let folder = second.path + "/results/trial/initial"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/mobilenet_v1-w0.1-s0.safetensors"
    try Safetensors.write(Safetensors.Contents(tensors: []), to: path)
    try second.run(Workshop.file(models: ["mobilenet_v1"]))
    #expect(try second.history() == first.history())
    #expect(try Safetensors.read(path).tensors.isEmpty)
    #expect(try Store.read(second.store).experiment(named: "trial")?.folder == "trial~2")
  }

  @Test("A choice of cells runs these alone")
  func only() throws {
    let workshop = try Workshop()
    try workshop.run(only: ["model=mobilenet_v2,resolution=48"])
    #expect(workshop.engine.trained == ["mobilenet_v2-w0.1-r48-s0"])
    #expect(try workshop.statuses()["mobilenet_v1-w0.1-r64-s0"] == .pending)
  }

  @Test("A carried-over optimizer goes from one resolution to the next, in the grid's order")
  func carryOver() throws {
    let setting = #""optimizer": {"carry_over": true}"#
    let (fresh, carried) = (try Workshop(), try Workshop())
    try fresh.run(Workshop.file())
    try carried.run(Workshop.file(settings: setting))
    let (before, after) = (try fresh.history(), try carried.history())
    #expect(before.filter { $0.cell.contains("r64") } == after.filter { $0.cell.contains("r64") })
    #expect(before.filter { $0.cell.contains("r48") } != after.filter { $0.cell.contains("r48") })

    let alone = try Workshop()
    let error = try #require(throws: SweepError.self) {
      try alone.run(Workshop.file(settings: setting), only: ["resolution=48"])
    }
    #expect(error.kind == .runFailed)
    try alone.run(Workshop.file(settings: setting), only: ["resolution=64"])
    try alone.retry(Workshop.file(settings: setting))
    #expect(try alone.history() == after)
  }
}
