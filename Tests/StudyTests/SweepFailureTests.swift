import Common
import Engine
import Foundation
import Results
import Testing
import Weights

@testable import Study

@Suite struct SweepFailureTests {
  private static let first = "mobilenet_v1-w0.1-r64-s0"

  @Test(
    "A loss that is not finite ends its cell as diverged, and the sweep goes on",
    arguments: [
      Double.nan, .infinity,
    ])
  func diverged(loss: Double) throws {
    let workshop = try Workshop()
    workshop.engine.onStep = { cell, step in cell == Self.first && step == 4 ? loss : nil }
    let error = try #require(throws: SweepError.self) { try workshop.run() }
    #expect(error.kind == .runFailed)
    #expect(error.description.contains("1 of 4 cells diverged (\(Self.first))"))
    let statuses = try workshop.statuses()
    #expect(statuses[Self.first] == .diverged)
    #expect(statuses.values.count { $0 == .done } == 3)
    let history = try workshop.history().filter { $0.cell == Self.first }
    #expect(history.map(\.epoch) == [1, 2])
    #expect(history[0].trainLoss.isFinite)
    #expect(!history[1].trainLoss.isFinite)
    #expect(history[1].valLoss == nil)

    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    #expect(throws: SweepError.self) { try workshop.run(Workshop.file(epochs: 3)) }
    #expect(try workshop.history().filter { $0.cell == Self.first }.count == 2)
    #expect(try workshop.history().count == 2 + 3 * 3)
  }

  @Test(
    "A cell whose training fails is recorded with the reason, the others go on, and it is tried again when asked for"
  )
  func failed() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    workshop.engine.onStep = { (cell, step) throws(SweepError) in
      if cell == Self.first && step == 4 { throw SweepError(.runFailed, "the memory is gone") }
      return nil
    }
    let error = try #require(throws: SweepError.self) { try workshop.run() }
    #expect(error.kind == .runFailed)
    let cell = try #require(
      try Store.read(workshop.store).cells(of: "trial").first { $0.status == .failed })
    #expect(cell.description.id == Self.first)
    #expect(cell.lastRun?.error == "the memory is gone")
    #expect(cell.completedEpochs == 1)
    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    #expect(throws: SweepError.self) { try workshop.run() }
    #expect(workshop.engine.trained.count == 4)
    try workshop.retry()
    try whole.run()
    #expect(workshop.engine.trained.count == 5)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("An image that is gone fails the cells that need it, and the other resolution goes on")
  func lostImage() throws {
    let workshop = try Workshop()
    var once = true
    workshop.batches.onBatch = { (epoch, step) throws(SweepError) in
      guard epoch == 2, step == 1, once else { return }
      once = false
      throw SweepError(.badInput, at: "data/train/cat/1.jpg", "cannot read the file")
    }
    #expect(throws: SweepError.self) { try workshop.run() }
    let cells = try Store.read(workshop.store).cells(of: "trial")
    #expect(cells.map(\.status) == [.failed, .done, .failed, .done])
    #expect(cells[0].lastRun?.error == "data/train/cat/1.jpg: cannot read the file")
  }

  @Test("A damaged checkpoint fails its cell alone, which is trained anew on request")
  func damagedCheckpoint() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    try workshop.run()
    let path = try workshop.checkpoint(Self.first)
    try Data("broken".utf8).write(to: URL(filePath: path))
    #expect(throws: SweepError.self) { try workshop.run(Workshop.file(epochs: 3)) }
    let cell = try #require(
      try Store.read(workshop.store).cells(of: "trial").first { $0.status == .failed })
    #expect(cell.description.id == Self.first)
    #expect(cell.completedEpochs == 2)
    #expect(cell.lastRun?.error?.hasPrefix(path) == true)
    try FileManager.default.removeItem(atPath: path)
    var settings = Workshop.Settings()
    settings.options.retrainLost = true
    try workshop.run(Workshop.file(epochs: 3), settings: settings)
    try whole.run(Workshop.file(epochs: 3))
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("A checkpoint of another cell is not taken for this one's")
  func foreignCheckpoint() throws {
    let workshop = try Workshop()
    try workshop.run()
    let other = try workshop.checkpoint("mobilenet_v1-w0.1-r48-s0")
    try FileManager.default.removeItem(atPath: workshop.checkpoint(Self.first))
    try FileManager.default.copyItem(atPath: other, toPath: workshop.checkpoint(Self.first))
    #expect(throws: SweepError.self) { try workshop.run(Workshop.file(epochs: 3)) }
    #expect(try workshop.statuses()[Self.first] == .failed)
  }

  @Test("A program that dies after an epoch was recorded finds its checkpoint beside, and uses it")
  func diedBeforePublishing() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    try workshop.run(Workshop.file(epochs: 1))
    let path = try workshop.checkpoint(Self.first)
    let earlier = try Data(contentsOf: URL(filePath: path))
    try workshop.run(Workshop.file(epochs: 2))
    try FileManager.default.moveItem(atPath: path, toPath: path + ".next")
    try earlier.write(to: URL(filePath: path))
    try workshop.run(Workshop.file(epochs: 3))
    try whole.run(Workshop.file(epochs: 3))
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
    #expect(workshop.batches.given == whole.batches.given)
  }

  @Test("A checkpoint whose epoch was never recorded is removed, and the epoch is trained again")
  func diedBeforeRecording() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    try workshop.run(Workshop.file(epochs: 1))
    try whole.run(Workshop.file(epochs: 2))
    try FileManager.default.copyItem(
      atPath: whole.checkpoint(Self.first), toPath: workshop.checkpoint(Self.first) + ".next")
    try workshop.run(Workshop.file(epochs: 2))
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("A results folder that cannot be written is named before any work is done")
  func notAFolder() throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(
      atPath: workshop.path + "/results/trial", withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: workshop.path + "/results/trial/initial"))
    let error = try #require(throws: SweepError.self) { try workshop.run() }
    #expect(error.kind == .badInput)
    #expect(error.description.hasPrefix(workshop.path + "/results/trial/"))
    #expect(workshop.engine.trained.isEmpty)
  }
}
