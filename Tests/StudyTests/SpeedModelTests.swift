import Common
import Results
import Testing

@testable import Study

@Suite struct SpeedModelTests {
  private func plan(_ file: String = Workshop.file(), engine: FakeEngine = FakeEngine()) throws
    -> Plan
  {
    try Plan(
      Experiment(bytes: Array(file.utf8), file: "trial.json"),
      data: DataSize(classes: 3, trainImages: 20, valImages: 6), engine: engine)
  }

  @Test("A cell that costs more never takes less time, whatever was measured")
  func monotone() throws {
    let file = Workshop.file(models: ["mobilenet_v2"], resolutions: [96, 64, 48])
      .replacing("[0.1]", with: "[1.0, 0.5, 0.25]")
    let items = try plan(file).items.sorted { $0.trainingCost < $1.trainingCost }
    for times in [[1.0, 2, 3, 4], [4, 3, 2, 1], [1, 1, 1, 1], [5, 1, 4, 0.1]] {
      let samples = zip([items[0], items[3], items[5], items[8]], times).map { ($0, $1) }
      let fit = CostFit(samples)
      for low in items {
        for high in items
        where high.cost.macs >= low.cost.macs && high.elements >= low.elements {
          #expect(fit.seconds(high) >= fit.seconds(low) && fit.seconds(low) > 0)
        }
      }
    }
  }

  @Test("Times that follow the costs are found again, also those of cells that were not timed")
  func exact() throws {
    let items = try plan(Workshop.file(models: ["mobilenet_v1"], resolutions: [96, 64, 48])).items
    func seconds(_ item: Plan.Item) -> Double {
      2e-9 * Double(item.cost.macs) + 3e-8 * Double(item.elements)
    }
    let fit = CostFit(items.prefix(2).map { ($0, seconds($0)) })
    #expect(abs(fit.seconds(items[2]) / seconds(items[2]) - 1) < 1e-6)
    let one = CostFit([(items[0], seconds(items[0]))])
    #expect(abs(one.seconds(items[0]) / seconds(items[0]) - 1) < 1e-6)
    #expect(one.seconds(items[2]) < one.seconds(items[0]))
  }

  @Test("An estimate has a time for every cell, and how busy the machine was")
  func estimate() throws {
    let engine = FakeEngine()
    engine.threads = 2
    var plan = try plan(engine: engine)
    try SpeedModel(plan, engine: engine, batches: FakeBatches()).estimate(&plan)
    #expect(plan.items.allSatisfy { $0.estimatedSeconds ?? 0 > 0 })
    let share = try #require(plan.processorShare)
    #expect(share > 0 && share <= 1)
    #expect(engine.divisions.last == [])
  }

  @Test("What is left leaves out cells that are done or failed, and epochs that are done")
  func remaining() throws {
    let workshop = try Workshop()
    workshop.engine.onStep = { (cell, _) throws(SweepError) in
      if cell == "mobilenet_v1-w0.1-r64-s0" { throw SweepError(.runFailed, "broken") }
      return nil
    }
    #expect(throws: SweepError.self) {
      try workshop.run(only: ["model=mobilenet_v1", "resolution=48"])
    }
    let store = try Store.read(workshop.store)
    let left = try plan().remaining(in: store)
    #expect(left.items.map(\.cell.id) == ["mobilenet_v2-w0.1-r64-s0"])
    let longer = try plan(Workshop.file(epochs: 5)).remaining(in: store)
    #expect(longer.items.map(\.firstEpoch) == [2, 0, 2])
    #expect(
      try plan(Workshop.file().replacing("trial", with: "other"))
        .remaining(in: store).items.count == 4)
  }

  @Test("A plan of some cells has these, and one of none is refused")
  func only() throws {
    let plan = try plan()
    let grid = plan.experiment.grid
    let clause = try GridClause(argument: "resolution=48", grid: grid)
    #expect(try plan.restricted(to: [clause]).items.map(\.cell.resolution) == [48, 48])
    let none = try GridClause(argument: "model=mobilenet_v1,resolution=48", grid: grid)
    let error = #expect(throws: SweepError.self) {
      try plan.restricted(to: [clause]).restricted(to: [none]).restricted(to: [
        GridClause(argument: "model=mobilenet_v2", grid: grid)
      ])
    }
    #expect(error?.kind == .usage)
  }
}
