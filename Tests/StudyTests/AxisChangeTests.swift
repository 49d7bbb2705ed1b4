import Common
import Foundation
import Results
import Testing
import Training

@testable import Study

/// A grid whose further axes change after cells were trained.
@Suite struct AxisChangeTests {
  private static func file(axes: String = "", epochs: Int = 2, settings: String = "") -> String {
    Workshop.file(epochs: epochs, settings: settings).replacing(
      #""width": [0.1],"#, with: #""width": [0.1], \#(axes)"#)
  }

  private static let rates = #""optimizer.lr": [0.001, 0.01], "#

  /// Runs `files` one after the other in one store and the last one by itself in another.
  ///
  /// Both must come to the same bytes. Gives the cells that the last run trained.
  @discardableResult
  private func extend(_ files: String...) throws -> [String] {
    let (workshop, whole) = (try Workshop(), try Workshop())
    for file in files.dropLast() { try workshop.run(file) }
    let before = workshop.engine.trained.count
    try workshop.run(files[files.count - 1])
    try whole.run(files[files.count - 1])
    let cells = Set(try whole.statuses().keys)
    #expect(try workshop.history().filter { cells.contains($0.cell) } == whole.history())
    let (files, expected) = (try workshop.files(), try whole.files())
    for (name, contents) in expected { #expect(files[name] == contents, "\(name)") }
    return Array(workshop.engine.trained[before...])
  }

  @Test(
    "A setting that becomes an axis keeps its cells, under their new ids; only the others are trained",
    arguments: [
      (rates, "-lr0.01"), (#""optimizer.lr": [1e-2, 1e-3], "#, "-lr0.01"),
      (#""channels": ["make_divisible", "truncate"], "#, "-channelsmake_divisible"),
      (#""shuffle": [true, false], "#, "-shufflefalse"),
      (#""optimizer.lr": {"low": 0.001}, "shuffle": [false, true], "#, "-lr0.001-shufflefalse"),
    ])
  func added(axes: String, end: String) throws {
    let trained = try extend(Self.file(), Self.file(axes: axes))
    #expect(trained.count == 4)
    #expect(trained.allSatisfy { $0.hasSuffix(end) })
  }

  @Test("A value that is added to such an axis leaves the others alone")
  func addedValue() throws {
    let trained = try extend(
      Self.file(axes: #""optimizer.lr": [0.01], "#), Self.file(axes: Self.rates))
    #expect(trained.count == 4)
    #expect(trained.allSatisfy { $0.hasSuffix("-lr0.001") })
  }

  @Test("An axis that becomes a setting again leaves its cells' figures, under the ids without it")
  func removed() throws {
    #expect(try extend(Self.file(), Self.file(axes: Self.rates), Self.file()).isEmpty)
    #expect(
      try extend(
        Self.file(axes: Self.rates), Self.file(settings: #""optimizer": {"lr": 0.01}"#)
      ).isEmpty)
  }

  @Test("A cell that was stopped within an epoch goes on there under its new id")
  func stopped() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let interrupt = Interrupt()
    workshop.engine.onStep = { _, _ in
      if workshop.batches.given == 5 { interrupt.request() }
      return nil
    }
    #expect(throws: SweepError.self) { try workshop.run(Self.file(), interrupt: interrupt) }
    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    let given = workshop.batches.given
    try workshop.run(Self.file(axes: #""optimizer.lr": [0.001], "#))
    try whole.run(Self.file(axes: #""optimizer.lr": [0.001], "#))
    #expect(workshop.batches.given - given <= whole.batches.given - 4)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("A disk that fills up while files get their new names loses nothing", arguments: 0..<9)
  func fullDisk(room: Int) throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    try workshop.run(Self.file())
    let disk = FailingFiles()
    disk.room = room
    var settings = Workshop.Settings()
    settings.files = disk
    try? workshop.run(Self.file(axes: Self.rates), settings: settings)
    try workshop.run(Self.file(axes: Self.rates))
    try whole.run(Self.file(axes: Self.rates))
    #expect(workshop.engine.trained.count <= 4 + 4 + 4)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test(
    "What would leave the trained cells without a place is refused with the reason",
    arguments: [
      (
        #""optimizer.lr": [0.01, 0.1], "#, "",
        "optimizer.lr was 0.001, which is no value of the new axis"
      ),
      (rates, #""shuffle": false"#, "shuffle was true, is now false"),
    ])
  func refused(axes: String, settings: String, reason: String) throws {
    let workshop = try Workshop()
    try workshop.run(Self.file())
    let (history, files) = (try workshop.history(), try workshop.files())
    let error = #expect(throws: SweepError.self) {
      try workshop.run(Self.file(axes: axes, settings: settings))
    }
    #expect(error?.code == .badInput)
    #expect(error?.message.hasSuffix(reason) == true, "\(error?.message ?? "")")
    #expect(try workshop.history() == history)
    #expect(try workshop.files() == files)
  }

  @Test("An axis that becomes a setting with a new value is refused")
  func removedOtherwise() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file(axes: Self.rates))
    let error = #expect(throws: SweepError.self) {
      try workshop.run(Self.file(settings: #""optimizer": {"lr": 0.5}"#))
    }
    #expect(
      error?.message.hasSuffix("optimizer.lr was an axis without 0.5, which it is now") == true)
  }

  @Test("While another sweep is at work with the old axes, new ones are refused")
  func inCompany() throws {
    let workshop = try Workshop()
    try workshop.run(Self.file())
    let claims = try Claims(
      store: Store.open(workshop.store), experiment: "trial",
      folder: workshop.path + "/results/trial", host: "here", processID: 1, clock: { 0 })
    let error = #expect(throws: SweepError.self) {
      try workshop.run(Self.file(axes: Self.rates))
    }
    #expect(error?.message.contains("another sweep is at work") == true)
    try claims.leave()
    try workshop.run(Self.file(axes: Self.rates))
  }
}
