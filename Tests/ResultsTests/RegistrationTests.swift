import Common
import GRDB
import Testing

@testable import Results

@Suite struct RegistrationTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store.open(scratch.store)
  }

  @Test func registeringAgainChangesNothing() throws {
    let experiment = ExperimentDescription.sample([.sample("x"), .sample("y")])
    try store.register(experiment)
    try store.train("x", epochs: 1...3)
    let before = try store.cells(of: "animals10")
    try store.register(experiment)
    #expect(try store.cells(of: "animals10") == before)
    #expect(try store.experiments().count == 1)
  }

  @Test func cellsComeBackAsTheyWereGiven() throws {
    let cells: [CellDescription] = [
      .sample("a", width: 1, resolution: 224, thopMACs: nil),
      .sample(
        "b", seed: -1,
        axes: [
          .init("optimizer.lr", .number(0.01)), .init("batch_size", .integer(64)),
          .init("optimizer.name", .string("ad\"am")), .init("shuffle", .boolean(true)),
        ]),
    ]
    try store.register(.sample(cells))
    #expect(try store.cells(of: "animals10").map(\.description) == cells)
    #expect(try store.results(of: "animals10").map(\.cell) == cells)
  }

  @Test func cellsComeInTheOrderOfTheGridAsLastRun() throws {
    try store.register(.sample([.sample("a"), .sample("b"), .sample("c")]))
    try store.train("a", epochs: 1...3)
    try store.register(.sample([.sample("c"), .sample("new"), .sample("b")]))
    #expect(try store.cells(of: "animals10").map(\.description.id) == ["c", "new", "b", "a"])
    #expect(try store.cells(of: "animals10").map(\.isInGrid) == [true, true, true, false])
  }

  @Test func aCellThatLeftTheGridIsReportedOnlyIfItEverRan() throws {
    try store.register(.sample([.sample("ran"), .sample("typo"), .sample("kept")]))
    try store.train("ran", epochs: 1...3)
    try store.register(.sample([.sample("kept")]))
    #expect(try store.results(of: "animals10").map(\.cell.id) == ["kept", "ran"])
  }

  @Test func aCellIsKnownByItsRecipeWhateverItsLabelIs() throws {
    try store.register(.sample([.sample("x"), .sample("y")]))
    try store.train("x", epochs: 1...3)
    var cells: [CellDescription] = [.sample("x"), .sample("y")]
    // Two cells exchange their labels, as an axis that is added or removed may make them do.
    (cells[0].id, cells[1].id) = ("y", "x")
    cells[0].axes = [.init("optimizer.lr", .number(0.01))]
    try store.register(.sample(cells))
    let stored = try store.cells(of: "animals10")
    #expect(stored.map(\.description) == cells)
    #expect(stored.map(\.status) == [.done, .pending])
    #expect(try store.history(of: "animals10").map(\.cell) == ["y", "y", "y"])
  }

  @Test func aLabelThatAnotherCellHadIsTakenFromIt() throws {
    try store.register(.sample([.sample("x")]))
    try store.train("x", epochs: 1...3)
    var cell = CellDescription.sample("other")
    cell.id = "x"
    try store.register(.sample([cell]))
    let stored = try store.cells(of: "animals10")
    let label = "x~" + CellDescription.sample("x").recipe.sha256.prefix(8)
    #expect(stored.map(\.description.id) == ["x", label])
    #expect(stored.map(\.completedEpochs) == [0, 3])
  }

  @Test func theFileAsLastRunIsKeptAndSoAreItsForerunners() throws {
    var experiment = ExperimentDescription.sample([.sample("x")])
    try store.register(experiment)
    experiment.file = "another layout of the same"
    try store.register(experiment)
    #expect(try store.experiment(named: "animals10")?.file == "another layout of the same")
    let files = try store.fetch {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM experiment_files")
    }
    #expect(files == 2)
  }

  @Test func moreEpochsMakeADoneCellPendingAndFewerDoNot() throws {
    try store.register(.sample([.sample("x", epochs: 3), .sample("y", epochs: 3)]))
    try store.train("x", epochs: 1...3)
    try store.train("y", epochs: 1...2, .diverged("NaN"))
    try store.register(.sample([.sample("x", epochs: 2), .sample("y", epochs: 2)]))
    #expect(try store.cells(of: "animals10").map(\.status) == [.done, .diverged])
    try store.register(.sample([.sample("x", epochs: 5), .sample("y", epochs: 5)]))
    #expect(try store.cells(of: "animals10").map(\.status) == [.pending, .diverged])
    #expect(try store.cell("x").completedEpochs == 3)
  }

  @Test func experimentsShareAStore() throws {
    try store.register(.sample([.sample("x")], name: "a"))
    try store.register(.sample([.sample("x")], name: "b"))
    #expect(try store.experiments().map(\.name) == ["a", "b"])
    #expect(try store.cells(of: "a").count == 1)
    #expect(try store.experiment(named: "c") == nil)
  }

  @Test func namesAreNeverRunAsSQL() throws {
    let name = "x'); DROP TABLE epochs; --"
    try store.register(.sample([.sample(name)], name: name))
    #expect(try store.results(of: name).map(\.cell.id) == [name])
    #expect(try store.history(of: name, cell: name).isEmpty)
  }
}
