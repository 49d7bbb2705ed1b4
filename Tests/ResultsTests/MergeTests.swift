import Common
import GRDB
import Testing

@testable import Results

@Suite struct MergeTests {
  let scratch: Scratch
  let cells: [CellDescription] = [.sample("a"), .sample("b"), .sample("c")]

  init() throws { scratch = try Scratch() }

  private func store(_ name: String, recipe: String = "{}") throws -> Store {
    let store = try Store.open("\(scratch.folder)/\(name).sqlite")
    try store.register(.sample(cells, recipe: recipe))
    return store
  }

  private func dump(_ store: Store) throws -> [String] {
    try store.fetch { db in
      try ["cells", "runs", "epochs", "predictions", "data_sets"].flatMap { table in
        try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
      }
    }
  }

  @Test func theMergedReportIsThatOfOneStore() throws {
    let (whole, first, second) = (try store("whole"), try store("1"), try store("2"))
    for id in ["a", "b", "c"] { try whole.train(id, epochs: 1...3) }
    try first.train("b", epochs: 1...3)
    try second.train("a", epochs: 1...2, .interrupted)
    try second.train("a", epochs: 3...3)
    try second.train("c", epochs: 1...3)
    try second.register(dataSet: "11", files: "x 1 y\n")
    let merged = try Store.open(scratch.folder + "/merged.sqlite")
    #expect(try merged.merge(first).taken == 1)
    #expect(try merged.merge(second).taken == 2)
    #expect(try merged.results(of: "animals10") == whole.results(of: "animals10"))
    #expect(try merged.history(of: "animals10") == whole.history(of: "animals10"))
    #expect(try merged.dataSets() == ["x 1 y\n"])
    #expect(try merged.cell("a").lastRun?.attempt == 2)
  }

  @Test func whatIsThereAlreadyIsOne() throws {
    let (first, second) = (try store("1"), try store("2"))
    try first.train("a", epochs: 1...3)
    try second.merge(first)
    let before = try dump(second)
    #expect(try second.merge(first) == MergeReport(taken: 0, same: 1))
    #expect(try dump(second) == before)
  }

  @Test func aCellThatIsFurtherTakesThePlace() throws {
    let (first, second) = (try store("1"), try store("2"))
    try first.train("a", epochs: 1...1, .failed("gone"))
    try second.train("a", epochs: 1...3)
    try first.merge(second)
    #expect(try first.cell("a").status == .done)
    #expect(try first.history(of: "animals10").map(\.record.epoch) == [1, 2, 3])
    // Back again there is nothing to take.
    try second.merge(first)
    #expect(try second.cell("a").lastRun?.attempt == 1)
  }

  @Test func differentFiguresOfOneCellAreShownAndNothingIsMerged() throws {
    let (first, second) = (try store("1"), try store("2"))
    try first.train("b", epochs: 1...3)
    try second.train("a", epochs: 1...3)
    let run = try second.begin(.sample(), of: second.cell("b"))
    try second.record(.sample(1, trainLoss: 2.5), of: run)
    try second.finish(run, .interrupted)
    let before = try dump(first)
    let error = failure { try first.merge(second) }
    #expect(error?.code == .badInput)
    #expect(error?.message.hasPrefix("b differs from epoch 1 on: train_loss 2.0, ") == true)
    #expect(error?.message.contains("train_loss 2.5, ") == true)
    #expect(try dump(first) == before)
  }

  @Test func notANumberIsTheSameAsNotANumber() throws {
    let (first, second) = (try store("1"), try store("2"))
    for store in [first, second] {
      let run = try store.begin(.sample(), of: store.cell("a"))
      try store.record(.sample(1, trainLoss: .nan, valLoss: nil, valAccuracy: nil), of: run)
      try store.finish(run, .diverged("NaN"))
    }
    #expect(try first.merge(second).same == 1)
  }

  @Test func otherRecipesAndOtherImagesAreRefused() throws {
    let first = try store("1")
    try first.train("a", epochs: 1...3)
    let recipe = try store("2", recipe: "other")
    #expect(failure { try first.merge(recipe) }?.message.contains("another recipe") == true)
    let images = try store("3")
    var run = RunDescription.sample()
    run.dataFingerprint = "22"
    let id = try images.begin(run, of: images.cell("b"))
    try images.record(.sample(1), of: id)
    #expect(failure { try first.merge(images) }?.message.contains("other images") == true)
  }

  @Test func aMergeThatIsOnlyTriedChangesNothing() throws {
    let (first, second) = (try store("1"), try store("2"))
    try first.train("a", epochs: 1...3)
    let before = try dump(second)
    try second.check(mergeOf: first)
    #expect(try dump(second) == before)
  }
}
