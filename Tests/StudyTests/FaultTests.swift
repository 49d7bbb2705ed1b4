import Common
import Foundation
import Results
import Testing

@testable import Study

@Suite struct FaultTests {
  @Test(
    "A disk that fills up ends the sweep with one line, and with room again nothing is lost",
    arguments: 0..<12)
  func fullDisk(room: Int) throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let disk = FailingFiles()
    disk.room = room
    var settings = Workshop.Settings()
    settings.files = disk
    let error = #expect(throws: SweepError.self) { try workshop.run(settings: settings) }
    #expect(error?.description.hasSuffix("cannot write: No space left on device") == true)
    let before = try workshop.history()
    try workshop.run()
    try whole.run()
    let after = try workshop.history()
    #expect(before.allSatisfy(after.contains))
    #expect(try after == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test(
    "A results folder that becomes read-only ends the sweep, and the run is recorded as interrupted for that"
  )
  func readOnly() throws {
    let workshop = try Workshop()
    let disk = FailingFiles()
    var settings = Workshop.Settings()
    settings.files = disk
    workshop.batches.onBatch = { epoch, _ in if epoch == 2 { disk.isGone = true } }
    #expect(throws: SweepError.self) { try workshop.run(settings: settings) }
    let cells = try Store.read(workshop.store).cells(of: "trial")
    #expect(cells.map(\.status) == [.interrupted, .pending, .interrupted, .pending])
    #expect(cells[0].lastRun?.error?.contains("No space left") == true)
    #expect(cells[0].completedEpochs == 1)
    #expect(cells.allSatisfy { $0.claim == nil })
  }

  @Test("A cell whose memory is not there fails before it is trained, and smaller ones go on")
  func memory() throws {
    let workshop = try Workshop()
    var settings = Workshop.Settings()
    // The fake engine takes a MiB a model and a MiB a pixel of the resolution.
    settings.memory = 60 << 20
    let error = #expect(throws: SweepError.self) { try workshop.run(settings: settings) }
    #expect(error?.kind == .runFailed)
    let cells = try Store.read(workshop.store).cells(of: "trial")
    #expect(cells.map(\.status) == [.failed, .done, .failed, .done])
    #expect(cells[0].lastRun?.error?.contains("of memory") == true)
  }

  @Test(
    "Changed images are refused with the list of changes, and gone on with where that is accepted")
  func dataChange() throws {
    let workshop = try Workshop()
    workshop.batches.files = "a 1 train/a/1.png\nb 1 train/a/2.png\nc 1 val/a/3.png\n"
    try workshop.run()
    workshop.batches.fingerprint = "other"
    workshop.batches.files = "a 1 train/a/1.png\nx 1 train/a/2.png\nd 1 val/a/4 5.png\n"
    let error = #expect(throws: SweepError.self) { try workshop.run(Workshop.file(epochs: 3)) }
    #expect(
      error?.message.hasSuffix(
        ": train/a/2.png was changed, val/a/3.png is gone, val/a/4 5.png is new") == true)
    #expect(try Store.read(workshop.store).cells(of: "trial").allSatisfy { $0.status == .done })
    var settings = Workshop.Settings()
    settings.options.acceptDataChange = true
    try workshop.run(Workshop.file(epochs: 3), settings: settings)
    // Accepted once, it is no change any more.
    try workshop.run(Workshop.file(epochs: 4))
    workshop.batches.fingerprint = "third"
    #expect(throws: SweepError.self) { try workshop.run(Workshop.file(epochs: 5)) }
  }

  @Test("A clock that jumps back changes no figure")
  func clock() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    var now = 0.0
    var settings = Workshop.Settings()
    settings.clock = {
      now += 1
      return now > 20 ? now - 1000 : now
    }
    try workshop.run(settings: settings)
    try whole.run()
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }
}
