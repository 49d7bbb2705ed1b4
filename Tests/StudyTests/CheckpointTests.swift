import Common
import Engine
import Foundation
import Results
import Testing
import Weights

@testable import Study

@Suite struct CheckpointTests {
  private static let identity = ["recipe": "{}"]
  private static let sample = Checkpoint(
    identity: identity,
    progress: Checkpoint.Progress(
      epoch: 2, step: 3, sums: BatchResult(lossSum: 0.1, correct: 4, count: 8), seconds: 1.5),
    weights: [NamedTensor(name: "w", shape: [3], values: .float32([1, .nan, -0.0]))],
    optimizerState: [NamedTensor(name: "optimizer.step", shape: [], values: .int64([7]))])

  @Test("A checkpoint comes back as it was written")
  func roundTrip() throws {
    let data = Safetensors.encode(Self.sample.contents)
    let back = try Checkpoint(Safetensors.decode(data, source: "c"), path: "c")
    #expect(back.progress == Self.sample.progress)
    #expect(Safetensors.encode(back.contents) == data)
  }

  @Test("Every cut and every flipped bit of a recorded file is noticed")
  func damage() throws {
    let workshop = try Workshop()
    let path = workshop.path + "/x.safetensors"
    let data = Safetensors.encode(Self.sample.contents)
    var record = FileRecord(kind: .checkpoint, recipe: "", path: "x.safetensors")
    record.sha256 = SHA256.hash(data)
    let file = WeightsFile(record, in: workshop.path, files: DiskFiles())
    for damaged in (0..<data.count).map({ data.prefix($0) }) {
      try damaged.write(to: URL(filePath: path))
      #expect(throws: SweepError.self) { try file.contents() }
    }
    for byte in data.indices {
      var flipped = data
      flipped[byte] ^= 1 << (byte % 8)
      try flipped.write(to: URL(filePath: path))
      #expect(throws: SweepError.self) { try file.contents() }
    }
    try data.write(to: URL(filePath: path))
    #expect(try file.data() == data)
  }

  @Test("A sweep that is killed within an epoch goes on from the last checkpoint in it")
  func withinEpoch() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let disk = FailingFiles()
    var settings = Workshop.Settings()
    settings.files = disk
    settings.options.checkpointEvery = 0
    var made = 0
    workshop.engine.onStep = { _, _ in
      made += 1
      // The disk is gone from here on, so nothing more is saved: as if the program were killed.
      if made == 4 { disk.isGone = true }
      return nil
    }
    let file = Workshop.file(models: ["mobilenet_v1"], resolutions: [64])
    #expect(throws: SweepError.self) { try workshop.run(file, settings: settings) }
    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    let given = workshop.batches.given
    #expect(given == 4)
    try workshop.run(file)
    try whole.run(file)
    // The fourth step is the first of the second epoch and was lost with its checkpoint; no other
    // is made twice.
    #expect(workshop.batches.given - given == 3)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test(
    "A newest checkpoint that is damaged gives way to the one before, and no epoch is lost",
    arguments: ["cut", "flipped"])
  func fallsBack(damage: String) throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let interrupt = Interrupt()
    var left = 5
    workshop.engine.onStep = { _, _ in
      left -= 1
      if left == 0 { interrupt.request() }
      return nil
    }
    let file = Workshop.file(epochs: 3, models: ["mobilenet_v1"], resolutions: [64])
    #expect(throws: SweepError.self) { try workshop.run(file, interrupt: interrupt) }
    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    let path = try workshop.checkpoint("mobilenet_v1-w0.1-r64-s0")
    var data = try Data(contentsOf: URL(filePath: path))
    if damage == "cut" { data.removeLast(data.count / 2) } else { data[data.count - 5] ^= 16 }
    try data.write(to: URL(filePath: path))
    let notes = Notes()
    try workshop.run(file, observer: notes)
    #expect(notes.texts.contains { $0.hasPrefix(path) && $0.hasSuffix("the previous one") })
    try whole.run(file)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }
}

/// A disk that fails when it is told to.
final class FailingFiles: ResultFiles {
  /// From when on nothing can be written.
  var isGone = false
  /// How many more files can be written.
  var room = Int.max
  private let disk = DiskFiles()

  func read(_ path: String) throws(SweepError) -> Data { try disk.read(path) }

  func write(_ data: Data, to path: String) throws(SweepError) {
    room -= 1
    guard !isGone, room >= 0 else {
      throw SweepError(.badInput, at: path, "cannot write: No space left on device")
    }
    try disk.write(data, to: path)
  }

  func move(_ file: String, to path: String) throws(SweepError) {
    guard !isGone else { throw SweepError(.badInput, at: path, "Read-only file system") }
    try disk.move(file, to: path)
  }

  func size(_ path: String) -> Int? { disk.size(path) }

  func remove(_ path: String) { if !isGone { disk.remove(path) } }
}

/// The remarks of a sweep.
final class Notes: RunObserver {
  private(set) var texts: [String] = []

  func handle(_ event: RunEvent, _ progress: SweepProgress) {
    if case .note(let text) = event { texts.append(text) }
  }
}
