import Common
import Foundation
import Results
import Testing

@testable import Study

@Suite struct ResultMergeTests {
  /// A workshop that has run a part of the grid.
  private func part(_ only: String, epochs: Int = 2) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.run(Workshop.file(epochs: epochs), only: [only])
    return workshop
  }

  /// Everything in a folder: paths and bytes, the store's own files left out.
  private func contents(_ folder: String) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where !name.contains("sweep.sqlite") {
      contents[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
    return contents
  }

  @Test("Parts that are merged are the whole: figures, weights and checkpoints")
  func parts() throws {
    let (whole, first, second) = (
      try Workshop(), try part("resolution=64"), try part("resolution=48")
    )
    try whole.run()
    let merged = try Workshop()
    let merge = try ResultMerge([first.store, second.store], into: merged.store)
    #expect(merge.sources.map(\.taken) == [2, 2])
    // Initial weights are the same in both.
    #expect(merge.sources.map(\.files) == [6, 4])
    #expect(try merged.history() == whole.history())
    #expect(try merged.files() == whole.files())
    let again = try ResultMerge([second.store], into: merged.store)
    #expect(again.sources.map(\.taken) == [0])
    #expect(again.sources.map(\.files) == [0])
    #expect(!FileManager.default.fileExists(atPath: merged.store + ".merge"))
  }

  @Test("Other weights for one cell, in whichever store, leave everything as it was")
  func otherWeights() throws {
    let (target, first, second) = (
      try part("resolution=48"), try part("model=mobilenet_v1"), try part("resolution=64")
    )
    let id = "mobilenet_v1-w0.1-r64-s0"
    let path = "\(second.path)/results/trial/final/\(id).safetensors"
    try Data("other".utf8).write(to: URL(filePath: path))
    let before = try contents(target.path)
    let history = try target.history()
    let error = #expect(throws: SweepError.self) {
      try ResultMerge([second.store, first.store], into: target.store)
    }
    #expect(error?.location == path)
    #expect(error?.message.hasPrefix("this file differs from the one that") == true)
    #expect(try contents(target.path) == before)
    #expect(try target.history() == history)
  }

  @Test("A disk that fills up in the middle leaves everything as it was", arguments: 0..<4)
  func fullDisk(room: Int) throws {
    let (target, other) = (try part("resolution=48"), try part("resolution=64"))
    let disk = FailingFiles()
    disk.room = room
    let (before, history) = (try contents(target.path), try target.history())
    #expect(throws: SweepError.self) {
      try ResultMerge([other.store], into: target.store, files: disk)
    }
    #expect(try target.history() == history)
    #expect(try contents(target.path) == before)
    // With room again it works, whatever lies about.
    #expect(try ResultMerge([other.store], into: target.store).sources.map(\.taken) == [2])
    #expect(try target.statuses().values.allSatisfy { $0 == .done })
  }

  @Test("A cell that is further on brings its weights, one that is behind does not")
  func further() throws {
    let (short, long) = (try part("resolution=48"), try part("resolution=48", epochs: 3))
    let expected = try long.files()
    #expect(try ResultMerge([short.store], into: long.store).sources.map(\.taken) == [0])
    #expect(try long.files() == expected)
    #expect(try ResultMerge([long.store], into: short.store).sources.map(\.taken) == [2])
    #expect(try short.files() == expected)
  }

  @Test("A merge that fails does not leave a new store behind")
  func newStore() throws {
    let (workshop, other) = (try Workshop(), try part("resolution=48"))
    let missing = workshop.path + "/none.sqlite"
    #expect(throws: SweepError.self) {
      try ResultMerge([other.store, missing], into: workshop.store)
    }
    #expect(!FileManager.default.fileExists(atPath: workshop.store))
  }

  @Test("An experiment's name from a store cannot lead out of the folder")
  func hostileName() throws {
    let (workshop, other) = (try Workshop(), try part("resolution=48"))
    let store = try Store.open(other.path + "/hostile.sqlite")
    try store.register(
      ExperimentDescription(name: "../../up", file: "{}", folder: "up", cells: []))
    let error = #expect(throws: SweepError.self) {
      try ResultMerge([store.path], into: workshop.store)
    }
    #expect(error?.message.contains("cannot name a folder") == true)
  }

  @Test(
    "Stores from before and after an axis was added are merged into the newer grid, in any order",
    arguments: [AxisFile.rates, AxisFile.optimizers], 0..<4)
  func axes(axes: String, order: Int) throws {
    let (before, after) = (AxisFile.text(), AxisFile.text(axes: axes))
    let (whole, old, new) = (try Workshop(), try Workshop(), try Workshop())
    try whole.run(after)
    try old.run(before, only: ["resolution=64"])
    let value = axes.contains("sgd") ? "optimizer.name=sgd" : "optimizer.lr=0.01"
    try new.run(after, only: ["resolution=48", "resolution=64,\(value)"])
    let merged: Workshop
    switch order {
    case 0, 1:
      merged = try Workshop()
      let stores = [old.store, new.store]
      let merge = try ResultMerge(order == 0 ? stores : stores.reversed(), into: merged.store)
      #expect(merge.sources.map(\.taken) == (order == 0 ? [2, 6] : [6, 2]))
    case 2:
      merged = old
      #expect(try ResultMerge([new.store], into: old.store).sources.map(\.taken) == [6])
    default:
      merged = new
      #expect(try ResultMerge([old.store], into: new.store).sources.map(\.taken) == [2])
    }
    #expect(try merged.history() == whole.history())
    #expect(try merged.files() == whole.files())
    let trained = merged.engine.trained.count
    try merged.run(after)
    #expect(merged.engine.trained.count == trained)
  }

  @Test("An older store whose cells are no cells of the newer grid leaves everything as it was")
  func otherRecipe() throws {
    let (old, new) = (try Workshop(), try Workshop())
    try old.run(AxisFile.text(settings: #""shuffle": false"#))
    try new.run(AxisFile.text(axes: AxisFile.rates), only: ["resolution=48"])
    for (target, source) in [(old, new), (new, old)] {
      let (before, history) = (try contents(target.path), try target.history())
      let error = #expect(throws: SweepError.self) {
        try ResultMerge([source.store], into: target.store)
      }
      #expect(error?.message.contains("a different recipe") == true)
      #expect(try contents(target.path) == before)
      #expect(try target.history() == history)
    }
  }

  @Test("A merge that brings the older store a larger grid and fails changes nothing")
  func axesFullDisk() throws {
    let (old, new) = (try Workshop(), try Workshop())
    try old.run(AxisFile.text(), only: ["resolution=64"])
    try new.run(AxisFile.text(axes: AxisFile.rates), only: ["resolution=48"])
    let (before, history) = (try contents(old.path), try old.history())
    for room in [0, 1, 3] {
      let disk = FailingFiles()
      disk.room = room
      #expect(throws: SweepError.self) {
        try ResultMerge([new.store], into: old.store, files: disk)
      }
      #expect(try contents(old.path) == before)
      #expect(try old.history() == history)
    }
  }
}
