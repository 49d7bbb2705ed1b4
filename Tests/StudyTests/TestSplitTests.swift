import Common
import Results
import Testing

@testable import Study

/// The test images: evaluated once, with the final weights.
@Suite struct TestSplitTests {
  @Test(
    "Final weights are tested once, a group's on one stream of images, and again after more epochs"
  )
  func onceWithFinalWeights() throws {
    let workshop = try Workshop()
    workshop.batches.testImages = 10
    try workshop.run()
    #expect(workshop.batches.tests == 2)
    let rows = try Store.read(workshop.store).results(of: "trial")
    // The fake loss is the first weight, so it is that of the last validation.
    #expect(rows.allSatisfy { $0.testLoss == $0.valLoss && $0.testAccuracy == 0.5 })
    try workshop.run()
    #expect(workshop.batches.tests == 2)
    try workshop.run(Workshop.file(epochs: 3))
    #expect(workshop.batches.tests == 4)
    let more = try Store.read(workshop.store).results(of: "trial")
    #expect(more.allSatisfy { $0.testLoss == $0.valLoss && $0.epochs == 3 })
    #expect(zip(rows, more).allSatisfy { $0.testLoss != $1.testLoss })
  }

  @Test("Without test images nothing is tested")
  func without() throws {
    let workshop = try Workshop()
    try workshop.run()
    #expect(try Store.read(workshop.store).results(of: "trial").allSatisfy { $0.testLoss == nil })
  }

  @Test("A sweep that is interrupted during a test tests again")
  func interrupted() throws {
    let workshop = try Workshop()
    workshop.batches.testImages = 10
    let interrupt = Interrupt()
    let file = Workshop.file(models: ["mobilenet_v1"], resolutions: [64])
    workshop.batches.onTest = { interrupt.request() }
    #expect(throws: SweepError.self) { try workshop.run(file, interrupt: interrupt) }
    #expect(try workshop.statuses().values.map(\.self) == [.interrupted])
    #expect(try workshop.history().count == 2)
    workshop.batches.onTest = {}
    try workshop.run(file)
    #expect(try workshop.statuses().values.map(\.self) == [.done])
    #expect(try Store.read(workshop.store).results(of: "trial").first?.testAccuracy == 0.5)
  }
}
