import Common
import DataSets
import Foundation
import Images
import Results
import Testing
import Weights

@testable import Study

/// Weights are used, copied and replaced only where they are the ones that the store recorded.
@Suite struct WeightsOwnershipTests {
  private static let cell = "mobilenet_v1-w0.1-r64-s0"
  private static let file = Workshop.file(models: ["mobilenet_v1"], resolutions: [64])

  private func retrain(_ workshop: Workshop, observer: (any RunObserver)? = nil) throws {
    var settings = Workshop.Settings()
    settings.options.retrainLost = true
    try workshop.run(Self.file, observer: observer, settings: settings)
  }

  @Test("Two stores in one folder have weights of their own")
  func twoStores() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    let before = try workshop.files()
    let second = try Store.open(workshop.path + "/results/second.sqlite")
    try workshop.run(
      Workshop.file(models: ["mobilenet_v1"], settings: #""shuffle": false"#), store: second)
    #expect(try workshop.files() == before)
    #expect(try second.experiment(named: "trial")?.folder == "trial~2")
    // The first goes on from its own checkpoint.
    let count = workshop.batches.given
    try workshop.run(Self.file.replacing("\"epochs\": 2", with: "\"epochs\": 3"))
    #expect(workshop.batches.given == count + 3)
  }

  @Test("A copy of a store does not overwrite what the original has trained since")
  func copiedStore() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    let copy = workshop.path + "/results/copy.sqlite"
    for end in ["", "-wal"] {
      try? FileManager.default.copyItem(atPath: workshop.store + end, toPath: copy + end)
    }
    let longer = Self.file.replacing("\"epochs\": 2", with: "\"epochs\": 3")
    try workshop.run(longer)
    let before = try workshop.files()
    let error = #expect(throws: SweepError.self) {
      try workshop.run(longer, store: Store.open(copy))
    }
    #expect(error?.kind == .runFailed)
    let reason = try Store.read(copy).cells(of: "trial").first?.lastRun?.error
    #expect(reason?.contains("differs from the one that") == true, "\(reason ?? "")")
    #expect(try workshop.files() == before)
  }

  @Test("A store behind a link has its weights beside itself")
  func link() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    let link = workshop.path + "/link.sqlite"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "results/sweep.sqlite")
    try workshop.run(
      Self.file.replacing("\"epochs\": 2", with: "\"epochs\": 3"), store: Store.open(link))
    #expect(try FileManager.default.contentsOfDirectory(atPath: workshop.path).count == 2)
    #expect(try workshop.files().count == 3)
  }

  @Test("Lost final weights are named, and made again from the checkpoint where that is asked for")
  func lostFinal() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    let (before, count) = (try workshop.files(), workshop.batches.given)
    let path = try workshop.file(.final, Self.cell)
    try FileManager.default.removeItem(atPath: path)
    let notes = Notes()
    try workshop.run(Self.file, observer: notes)
    #expect(notes.texts.contains { $0.contains(path) && $0.contains("--retrain-lost") })
    #expect(throws: SweepError.self) {
      try FinalWeights(of: "trial", in: Store.read(workshop.store)).data(
        of: Store.read(workshop.store).cells(of: "trial")[0].description)
    }
    try retrain(workshop)
    #expect(try workshop.files() == before)
    #expect(workshop.batches.given == count)
  }

  @Test("Final weights that were cut short are named although the file is there")
  func cutFinal() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    let path = try workshop.file(.final, Self.cell)
    #expect(truncate(path, 1000) == 0)
    let notes = Notes()
    try workshop.run(Self.file, observer: notes)
    #expect(notes.texts.contains { $0.contains(path) && $0.contains("--retrain-lost") })
    try FileManager.default.removeItem(atPath: path)
    let error = #expect(throws: SweepError.self) {
      let store = try Store.read(workshop.store)
      _ = try FinalWeights(of: "trial", in: store).data(of: store.cells(of: "trial")[0].description)
    }
    #expect(error?.message == "this weights file is missing")
  }

  @Test("A store called like its experiment leaves the folder's name to the weights")
  func storeInTheWay() throws {
    let workshop = try Workshop()
    let store = try Store.open(workshop.path + "/results/trial")
    try workshop.run(Self.file, store: store)
    #expect(try store.experiment(named: "trial")?.folder == "trial~2")
  }

  @Test("A cell whose checkpoint is lost fails with the reason, and is trained anew on request")
  func lostCheckpoint() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let interrupt = Interrupt()
    workshop.batches.onBatch = { epoch, _ in if epoch == 2 { interrupt.request() } }
    #expect(throws: SweepError.self) { try workshop.run(Self.file, interrupt: interrupt) }
    workshop.batches.onBatch = { (_, _) throws(SweepError) in }
    let path = try workshop.checkpoint(Self.cell)
    for path in [path, path + ".previous"] { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: SweepError.self) { try workshop.run(Self.file) }
    let reason = try Store.read(workshop.store).cells(of: "trial").first?.lastRun?.error
    #expect(
      reason == "\(path): this weights file is missing; put it back, or train the cell again "
        + "with `sweep run --retrain-lost`")
    try retrain(workshop)
    try whole.run(Self.file)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("Files that a killed program had recorded but not put in place are found")
  func killedBeforePublishing() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    let before = try workshop.files()
    for kind in [FileRecord.Kind.final, .checkpoint] {
      let path = try workshop.file(kind, Self.cell)
      try FileManager.default.moveItem(atPath: path, toPath: path + ".next")
    }
    let trained = try TrainedCell(Self.cell, of: nil, in: Store.read(workshop.store))
    #expect(trained.weights == before.first { $0.key.hasPrefix("final") }?.value.tensors)
    try workshop.run(Self.file.replacing("\"epochs\": 2", with: "\"epochs\": 3"))
    let whole = try Workshop()
    try whole.run(Self.file.replacing("\"epochs\": 2", with: "\"epochs\": 3"))
    #expect(try workshop.files() == whole.files())
  }

  @Test(
    "Another list of classes is never accepted",
    arguments: [["ape", "dog", "elk"], ["cat", "dog"]])
  func classes(names: [String]) throws {
    let workshop = try Workshop()
    try workshop.run(Self.file)
    workshop.batches.fingerprint = "other"
    workshop.batches.validationSet = ValidationSet(
      dataFingerprint: "other", classes: names, labels: [0, 0, 1, 1, 1, 1])
    var settings = Workshop.Settings()
    settings.options.acceptDataChange = true
    let (before, files) = (try workshop.statuses(), try workshop.files())
    let error = #expect(throws: SweepError.self) {
      try workshop.run(
        Self.file.replacing("\"epochs\": 2", with: "\"epochs\": 3"), settings: settings)
    }
    #expect(error?.message.contains("they were cat, dog, elk, they are now ") == true)
    #expect(try workshop.statuses() == before)
    #expect(try workshop.files() == files)
  }

  @Test("Splits that have changed places are called that")
  func swapped() {
    let changes = DataIdentity.changes(
      from: "a 1 a/x/1\nb 1 b/x/1\n", to: "b 1 b/x/1\na 1 a/x/1\n")
    #expect(changes == ["train and val were swapped"])
    // "é" in its two spellings is two names.
    let names = DataIdentity.changes(from: "a 1 a/\u{E9}\n", to: "a 1 a/e\u{301}\n")
    #expect(names.count == 2)
  }

  @Test("An image that changes during a run ends its cells with one line")
  func changedImage() throws {
    let workshop = try Workshop()
    let root = workshop.path + "/data"
    for split in ["train", "val"] {
      for name in ["a", "b"] {
        try FileManager.default.createDirectory(
          atPath: "\(root)/\(split)/\(name)", withIntermediateDirectories: true)
        let image = Image(width: 4, height: 4, pixels: [UInt8](repeating: 9, count: 48))
        try image.encodedPNG().write(to: URL(filePath: "\(root)/\(split)/\(name)/1.png"))
      }
    }
    let data = try DataSet(root: root)
    let scan = try DataSetScan(data.splits, threads: 1)
    let batches = DataSetBatches(
      data, fingerprint: try scan.fingerprint(), files: scan.listing, workers: 1)
    let experiment = try Experiment(bytes: Array(Self.file.utf8), file: "trial.json")
    let group = try #require(CellGroup.groups(of: experiment.cells).first)
    #expect(try batches.validation(group).next() != nil)
    let image = Image(width: 4, height: 4, pixels: [UInt8](repeating: 8, count: 48))
    try image.encodedPNG().write(to: URL(filePath: "\(root)/train/b/1.png"))
    let error = #expect(throws: SweepError.self) {
      let stream = try batches.training(group, epoch: 1, from: 0)
      while try stream.next() != nil {}
    }
    #expect(error?.location == "\(root)/train/b/1.png")
    #expect(error?.message == "the image has changed since the run began")
  }
}
