import Common
import Foundation
import GRDB
import Testing

@testable import Results

/// Stores of each version so far, whose weights `Fixtures/old` has.
///
/// Six cells are done, one was interrupted within its second epoch and one never ran.
@Suite struct MigrationTests {
  private let scratch: Scratch
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// Those whose tables differ in more than columns that a later one fills.
  static let versions = [1, 2, 3, 4, 5, 8]

  init() throws { scratch = try Scratch() }

  /// Makes the store of a version as its program left it.
  private func makeStore(version: Int) throws {
    let sql = try String(
      contentsOf: Self.fixtures.appending(path: "v\(version).sql"), encoding: .utf8)
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: scratch.store, configuration: configuration)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// All rows of the figures, whatever the version.
  private func figures(_ db: Database) throws -> [Row] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT experiment, cell, model, width, resolution, seed, axes, status, params, macs, epochs,
          train_loss, train_accuracy, val_loss, val_accuracy, best_val_accuracy, best_epoch, seconds
        FROM results
        """)
      + Row.fetchAll(db, sql: "SELECT * FROM history")
      + Row.fetchAll(db, sql: "SELECT cell_id, attempt, status, initial_weights_sha256 FROM runs")
  }

  /// The metadata of a safetensors file.
  private func metadata(_ path: String) throws -> [String: String] {
    let data = try Data(contentsOf: Self.fixtures.appending(path: path))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<(8 + length)])
    return try #require((header as? [String: Any])?["__metadata__"] as? [String: String])
  }

  @Test(arguments: versions)
  func everyFigureOfAnOlderStoreIsKept(version: Int) throws {
    try makeStore(version: version)
    let before = try DatabaseQueue(path: scratch.store).read(figures)
    #expect(before.count > 30)
    let store = try Store.open(scratch.store)
    #expect(try store.fetch(figures) == before)
    let checks = try store.fetch { db in
      try String.fetchAll(db, sql: "PRAGMA integrity_check")
        + Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { "\($0)" }
    }
    #expect(checks == ["ok"])
  }

  @Test func cellsOfAnOlderStoreAreNotTested() throws {
    try makeStore(version: 8)
    let rows = try Store.open(scratch.store).results(of: "old")
    #expect(rows.count { $0.valAccuracy != nil } > 5)
    #expect(rows.allSatisfy { $0.testAccuracy == nil && $0.testLoss == nil })
  }

  @Test(arguments: versions)
  func cellsOfAnOlderStoreGetTheirRecipes(version: Int) throws {
    try makeStore(version: version)
    let cells = try Store.open(scratch.store).cells(of: "old").map(\.description)
    #expect(Set(cells.map(\.recipe)).count == 8)
    #expect(
      cells.last?.recipe.text
        == #"{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"#
        + #""model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","#
        + #""channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"#
        + #""optimizer":{"lr":0.01,"name":"sgd"},"resolution":12,"seed":0,"version":1,"width":1}"#)
    #expect(cells.first?.recipe.settings["optimizer.lr"] == nil)
  }

  @Test(arguments: versions)
  func filesOfAnOlderStoreAreKnownByWhatTheySay(version: Int) throws {
    try makeStore(version: version)
    let store = try Store.open(scratch.store)
    #expect(try store.experiment(named: "old")?.folder == "old")
    let files = try store.files(of: "old")
    #expect(files.count { $0.kind == .initial } == 1)
    #expect(files.count { $0.kind == .checkpoint } == 7)
    #expect(files.count { $0.kind == .final } == 6)
    for file in files {
      if file.kind == .initial {
        let data = try Data(contentsOf: Self.fixtures.appending(path: file.path))
        #expect(file.sha256 == SHA256.hash(data))
      } else {
        let found = try metadata(file.path)
        for (key, value) in try #require(file.metadata) { #expect(found[key] == value, "\(key)") }
      }
    }
  }

  @Test(arguments: versions)
  func readingAnOlderStoreChangesNothing(version: Int) throws {
    try makeStore(version: version)
    let before = try Data(contentsOf: URL(filePath: scratch.store))
    let store = try Store.read(scratch.store)
    #expect(try store.results(of: "old").count == 8)
    #expect(try store.history(of: "old").count == 19)
    #expect(try Data(contentsOf: URL(filePath: scratch.store)) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder) == ["sweep.sqlite"])
  }

  @Test func aMergeChangesNoSource() throws {
    try makeStore(version: 4)
    let before = try Data(contentsOf: URL(filePath: scratch.store))
    let target = try Store.open(scratch.folder + "/new.sqlite")
    try target.merge([scratch.store])
    #expect(try target.history(of: "old").count == 19)
    #expect(try Data(contentsOf: URL(filePath: scratch.store)) == before)
  }

  /// The recipes of cells that only an axis tells apart, in the words of the older versions.
  @Test(
    arguments: [
      (
        "schedule.by = \"epoch\"\nschedule.warmup_start = 0.3333333333333333\n",
        #"{"schedule.warmup":0}"#, #"{"model":"m","version":1}"#
      ),
      (
        "optimizer.adam.eps = 1e-08\noptimizer.sgd.momentum = 0.9\noptimizer.lr = 0.1\n",
        #"{"optimizer.name":"sgd"}"#,
        #"{"model":"m","optimizer":{"lr":0.1,"momentum":0.9,"name":"sgd"},"version":1}"#
      ),
      (
        "model.m = {\"a\": 1.0}\nmodel.n = {}\n", #"{"optimizer.betas":"0_0.9"}"#,
        #"{"model":"m","network":{"a":1},"optimizer":{"betas":[0,0.9]},"version":1}"#
      ),
      (
        "initial_weights.head = \"fit\"\nshuffle = true\n", #"{"schedule.milestones":"3_6"}"#,
        #"{"initial_weights":{"sha256":null},"model":"m","schedule":{"milestones":[3,6]},"version":1}"#
      ),
    ])
  func settingsOfAnOlderRecipe(text: String, axes: String, recipe: String) {
    #expect(CellRecipe(LegacyRecipe(text, model: "m", axes: axes).settings).text == recipe)
  }
}
