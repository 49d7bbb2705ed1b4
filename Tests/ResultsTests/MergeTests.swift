import Common
import GRDB
import Testing

@testable import Results

@Suite struct MergeTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func store(_ name: String, recipe: [String: JSON] = [:]) throws -> Store {
    let store = try Store.open("\(scratch.folder)/\(name).sqlite")
    let cells = ["a", "b", "c"].map { CellDescription.sample($0, recipe: recipe) }
    try store.register(.sample(cells))
    return store
  }

  @discardableResult
  private func merge(_ sources: [Store], into target: Store) throws -> [MergeReport] {
    var reports: [MergeReport] = []
    try target.merge(sources.map(\.path)) { (_, report, _) throws(SweepError) in
      reports.append(report)
    }
    return reports
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
    #expect(try merge([first, second], into: merged).map(\.taken) == [1, 2])
    #expect(try merged.results(of: "animals10") == whole.results(of: "animals10"))
    #expect(try merged.history(of: "animals10") == whole.history(of: "animals10"))
    #expect(try merged.dataSets() == ["x 1 y\n"])
    #expect(try merged.cell("a").lastRun?.attempt == 2)
  }

  @Test func whatIsThereAlreadyIsOne() throws {
    let (first, second) = (try store("1"), try store("2"))
    try first.train("a", epochs: 1...3)
    try merge([first], into: second)
    let before = try dump(second)
    #expect(try merge([first], into: second) == [MergeReport(cells: ["animals10": ["a": .same]])])
    #expect(try dump(second) == before)
  }

  @Test func aCellThatIsFurtherTakesThePlace() throws {
    let (first, second) = (try store("1"), try store("2"))
    try first.train("a", epochs: 1...1, .failed("gone"))
    try second.train("a", epochs: 1...3)
    try merge([second], into: first)
    #expect(try first.cell("a").status == .done)
    #expect(try first.history(of: "animals10").map(\.record.epoch) == [1, 2, 3])
    // Back again there is nothing to take.
    try merge([first], into: second)
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
    let error = failure { try merge([second], into: first) }
    #expect(error?.kind == .badInput)
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
    #expect(try merge([second], into: first).map(\.same) == [1])
  }

  @Test func otherRecipesAndOtherImagesAreRefused() throws {
    let first = try store("1")
    try first.train("a", epochs: 1...3)
    let recipe = try store("2", recipe: ["batch_size": .integer(8)])
    try recipe.train("b", epochs: 1...3)
    #expect(
      failure { try merge([recipe], into: first) }?.message.hasSuffix(
        "batch_size was 8, is now 192") == true)
    let images = try store("3")
    var run = RunDescription.sample()
    run.dataFingerprint = "22"
    let id = try images.begin(run, of: images.cell("b"))
    try images.record(.sample(1), of: id)
    let refused = failure { try merge([images], into: first) }
    #expect(refused?.message.contains("different images") == true)
  }

  @Test func aStoreThatConflictsKeepsAllOthersOut() throws {
    let (target, good, bad) = (try store("0"), try store("1"), try store("2"))
    try good.train("a", epochs: 1...3)
    try good.train("b", epochs: 1...3)
    let run = try bad.begin(.sample(), of: bad.cell("b"))
    try bad.record(.sample(1), of: run)
    try bad.record(.sample(2, valLoss: 7), of: run)
    let before = try dump(target)
    let error = failure { try merge([good, bad], into: target) }
    // Neither of the two is the store that takes the rows.
    #expect(error?.message.hasPrefix("b differs from epoch 2 on: ") == true)
    #expect(error?.message.contains("val_loss 2.25, val_accuracy 0.5, ") == true)
    #expect(error?.message.contains("in \(good.path), ") == true)
    #expect(error?.location == bad.path)
    #expect(try dump(target) == before)
  }

  @Test func aFailureAtTheLastMomentUndoesAll() throws {
    let (first, second) = (try store("1"), try store("2"))
    try second.train("a", epochs: 1...3)
    let before = try dump(first)
    let error = failure { try first.merge([second.path], files: FullDisk()) }
    #expect(error?.message == "the disk is full")
    #expect(try dump(first) == before)
  }

  /// Files that cannot be put in their places.
  private final class FullDisk: MergeFiles {
    func folder(for experiment: String) throws(SweepError) -> String { experiment }
    func exists(_ path: String) -> Bool { false }
    func collect(_: MergeReport, from _: String) throws(SweepError) -> [String] { [] }
    func publish() throws(SweepError) { throw SweepError(.runFailed, "the disk is full") }
  }

  @Test func aDamagedStoreIsNamedAndNothingIsMerged() throws {
    let (first, second) = (try store("1"), try store("2"))
    try second.train("a", epochs: 1...3)
    let before = try dump(first)
    let bad = try scratch.write("no store", to: "bad.sqlite")
    let error = failure { try first.merge([second.path, bad]) }
    #expect(error?.location == bad)
    #expect(try dump(first) == before)
    #expect(failure { try first.merge([first.path]) }?.kind == .usage)
  }

  @Test func aCellThatIsDoneThereButPlannedForMoreHereHasWorkLeft() throws {
    let (target, source) = (try store("1"), try store("2"))
    try target.register(.sample([.sample("a", epochs: 5)]))
    try source.train("a", epochs: 1...3)
    try merge([source], into: target)
    #expect(try target.cell("a").status == .pending)
    #expect(try target.cell("a").description.epochs == 5)
  }
}
