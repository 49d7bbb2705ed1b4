import Common
import Engine
import Foundation
import Results
import Testing
import Weights

@testable import Study

/// Experiment files that differ by further axes of the grid.
enum AxisFile {
  static let rates = #""optimizer.lr": [0.001, 0.01], "#
  static let optimizers = #""optimizer.name": ["adam", "sgd"], "#

  static func text(axes: String = "", epochs: Int = 2, settings: String = "") -> String {
    Workshop.file(epochs: epochs, settings: settings).replacing(
      #""width": [0.1],"#, with: #""width": [0.1], \#(axes)"#)
  }
}

/// A grid whose further axes change after cells were trained: no cell, file or folder is renamed.
@Suite struct AxisChangeTests {
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
      (AxisFile.rates, "-lr0.01"), (#""optimizer.lr": [1e-2, 1e-3], "#, "-lr0.01"),
      (#""channels": ["make_divisible", "truncate"], "#, "-channelsmake_divisible"),
      (#""shuffle": [true, false], "#, "-shufflefalse"),
      (#""optimizer.lr": {"low": 0.001}, "shuffle": [false, true], "#, "-lr0.001-shufflefalse"),
      (#""optimizer.name": ["adam", "sgd"], "#, "-optimizersgd"),
      (#""optimizer.betas": [[0.9, 0.999], [0.8, 0.99]], "#, "-betas0.8_0.99"),
      (#""label_smoothing": [0.0, 0.1], "#, "-label_smoothing0.1"),
    ])
  func added(axes: String, end: String) throws {
    let trained = try extend(AxisFile.text(), AxisFile.text(axes: axes))
    #expect(trained.count == 4)
    #expect(trained.allSatisfy { $0.hasSuffix(end) })
  }

  @Test("A value that is added to such an axis leaves the others alone")
  func addedValue() throws {
    let trained = try extend(
      AxisFile.text(axes: #""optimizer.lr": [0.01], "#), AxisFile.text(axes: AxisFile.rates))
    #expect(trained.count == 4)
    #expect(trained.allSatisfy { $0.hasSuffix("-lr0.001") })
  }

  @Test("Optimizers come and go with their axis, and other axes beside it, without a cell lost")
  func optimizers() throws {
    let more = #""optimizer.name": ["rmsprop", "adam", "sgd"], "#
    let third = try extend(AxisFile.text(axes: AxisFile.optimizers), AxisFile.text(axes: more))
    #expect(third.count == 4)
    #expect(third.allSatisfy { $0.hasSuffix("-optimizerrmsprop") })
    let rates = try extend(
      AxisFile.text(axes: AxisFile.optimizers),
      AxisFile.text(axes: AxisFile.optimizers + AxisFile.rates))
    #expect(rates.count == 8)
    #expect(rates.allSatisfy { $0.hasSuffix("-lr0.01") })
    #expect(
      try extend(AxisFile.text(), AxisFile.text(axes: AxisFile.optimizers), AxisFile.text()).isEmpty
    )
    #expect(try extend(AxisFile.text(axes: more), AxisFile.text(axes: AxisFile.optimizers)).isEmpty)
  }

  @Test("A schedule that becomes an axis keeps the cells with the constant rate")
  func schedules() throws {
    let trained = try extend(
      AxisFile.text(),
      AxisFile.text(
        axes: #""schedule.name": ["constant", "exponential"], "#,
        settings: #""schedule": {"gamma": 0.5}"#))
    #expect(trained.count == 4)
    #expect(trained.allSatisfy { $0.hasSuffix("-scheduleexponential") })
  }

  @Test("A network of one's own beside another leaves its cells alone, as long as it is the same")
  func networks() throws {
    func file(_ channels: [Int]) -> String {
      let networks = channels.enumerated().map { index, channels in
        """
        {"table": {"name": "own\(index)", "stem": {"channels": 16, "stride": 2},
         "stages": [{"block": "depthwise_separable", "channels": \(channels)}]}}
        """
      }
      return AxisFile.text().replacing(
        #"["mobilenet_v1", "mobilenet_v2"]"#, with: "[\(networks.joined(separator: ", "))]")
    }
    let trained = try extend(file([32]), file([32, 64]))
    #expect(trained.count == 2)
    #expect(trained.allSatisfy { $0.hasPrefix("own1-") })
    let workshop = try Workshop()
    try workshop.run(file([32]))
    let error = #expect(throws: SweepError.self) { try workshop.run(file([48, 64])) }
    #expect(
      error?.message.hasSuffix("the table of own0 changed") == true, "\(error?.message ?? "")")
    for channels in [[32, 64], [32]] { try workshop.run(file(channels)) }
    // Another network of the name of one that left the grid is trained beside it.
    let before = try workshop.history()
    let count = workshop.engine.trained.count
    try workshop.run(file([32, 48]))
    #expect(workshop.engine.trained.count == count + 2)
    #expect(try workshop.history().count == before.count + 4)
    #expect(try extend(file([32, 64]), file([32]), file([32, 64])).isEmpty)
  }

  @Test("An axis that becomes a setting again leaves its cells' figures, under the ids without it")
  func removed() throws {
    #expect(
      try extend(AxisFile.text(), AxisFile.text(axes: AxisFile.rates), AxisFile.text()).isEmpty)
    #expect(
      try extend(
        AxisFile.text(axes: AxisFile.rates), AxisFile.text(settings: #""optimizer": {"lr": 0.01}"#)
      ).isEmpty)
  }

  @Test("A value that left with its axis stands for no other one, and comes back with the axis")
  func returned() throws {
    let (one, both) = (AxisFile.text(), AxisFile.text(axes: AxisFile.rates))
    #expect(try extend(one, both, one, both).isEmpty)
    let workshop = try Workshop()
    for file in [one, both, one] { try workshop.run(file) }
    let error = #expect(throws: SweepError.self) {
      try workshop.run(AxisFile.text(settings: #""optimizer": {"lr": 0.01}"#))
    }
    #expect(
      error?.message.hasSuffix("optimizer.lr was 0.001, is now 0.01") == true,
      "\(error?.message ?? "")")
  }

  @Test("A cell that left the grid is not taken for one of another value of the same label")
  func returnedOtherwise() throws {
    func wide(_ settings: String = "") -> String {
      AxisFile.text(settings: settings).replacing("[0.1]", with: "[0.1, 0.2]")
    }
    let workshop = try Workshop()
    try workshop.run(wide())
    try workshop.run(AxisFile.text(axes: AxisFile.rates))
    let count = workshop.engine.trained.count
    try workshop.run(wide(#""optimizer": {"lr": 0.01}"#))
    #expect(workshop.engine.trained.count == count + 4)
    #expect(workshop.engine.trained[count...].allSatisfy { $0.contains("w0.2") })
  }

  @Test("A cell that was stopped within an epoch goes on there under its new id")
  func stopped() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let interrupt = Interrupt()
    workshop.engine.onStep = { _, _ in
      if workshop.batches.given == 5 { interrupt.request() }
      return nil
    }
    #expect(throws: SweepError.self) { try workshop.run(AxisFile.text(), interrupt: interrupt) }
    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    let given = workshop.batches.given
    try workshop.run(AxisFile.text(axes: #""optimizer.lr": [0.001], "#))
    try whole.run(AxisFile.text(axes: #""optimizer.lr": [0.001], "#))
    #expect(workshop.batches.given - given <= whole.batches.given - 4)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("A disk that fills up after an axis was added loses nothing", arguments: 0..<9)
  func fullDisk(room: Int) throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    try workshop.run(AxisFile.text())
    let disk = FailingFiles()
    disk.room = room
    var settings = Workshop.Settings()
    settings.files = disk
    try? workshop.run(AxisFile.text(axes: AxisFile.rates), settings: settings)
    try workshop.run(AxisFile.text(axes: AxisFile.rates))
    try whole.run(AxisFile.text(axes: AxisFile.rates))
    #expect(workshop.engine.trained.count <= 4 + 4 + 4)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test(
    "What would leave the trained cells without a place is refused with the reason",
    arguments: [
      (
        #""optimizer.lr": [0.01, 0.1], "#, "",
        "optimizer.lr was 0.001, which is not a value of the new axis"
      ),
      (AxisFile.rates, #""shuffle": false"#, "shuffle was true, is now false"),
      (
        #""optimizer.name": ["sgd"], "#, "",
        #"optimizer.name was "adam", which is not a value of the new axis"#
      ),
      (
        AxisFile.optimizers, #""optimizer": {"eps": 1e-7}"#,
        "optimizer.eps was 1e-08, is now 1e-07"
      ),
      (
        #""label_smoothing": [0.1, 0.2], "#, "",
        "label_smoothing was 0, which is not a value of the new axis"
      ),
    ])
  func refused(axes: String, settings: String, reason: String) throws {
    let workshop = try Workshop()
    try workshop.run(AxisFile.text())
    let (history, files) = (try workshop.history(), try workshop.files())
    let error = #expect(throws: SweepError.self) {
      try workshop.run(AxisFile.text(axes: axes, settings: settings))
    }
    #expect(error?.kind == .badInput)
    #expect(error?.message.hasSuffix(reason) == true, "\(error?.message ?? "")")
    #expect(try workshop.history() == history)
    #expect(try workshop.files() == files)
  }

  @Test("An axis that becomes a setting with a new value is refused")
  func removedOtherwise() throws {
    let workshop = try Workshop()
    try workshop.run(AxisFile.text(axes: AxisFile.rates))
    let error = #expect(throws: SweepError.self) {
      try workshop.run(AxisFile.text(settings: #""optimizer": {"lr": 0.5}"#))
    }
    #expect(
      error?.message.hasSuffix("is now 0.5, which the former axis did not have") == true)
  }

  @Test("An axis that is added while another sweep is at work leaves that one's cells alone")
  func inCompany() throws {
    let workshop = try Workshop()
    try workshop.run(AxisFile.text())
    let leases = try CellLeases(
      store: Store.open(workshop.store), experiment: "trial",
      folder: workshop.path + "/results/trial", host: "here", processID: 1, clock: { 0 })
    try workshop.run(AxisFile.text(axes: AxisFile.rates))
    #expect(try workshop.statuses().values.allSatisfy { $0 == .done })
    try leases.leave()
  }
}
