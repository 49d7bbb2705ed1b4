import Engine
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

@Suite struct PredictorTests {
  private static let models = [
    "mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2", "mobilenet_v3_small",
  ]

  @Test("A predictor gives the trainer's logits and evaluation to the bit", arguments: models)
  func agrees(model: String) throws {
    let network = try Network.named(model, width: 0.35, classes: 10)
    let trainer = try CPUTrainer(network: network, resolution: 32, batchSize: 6)
    try trainer.loadStateDict(InitialWeights.make(for: network, seed: 0), from: "initial weights")
    let batch = TestBatch(count: 6, resolution: 32)
    _ = trainer.step(pixels: batch.pixels, labels: batch.labels, learningRate: 1e-2)
    for threads in [1, 3] {
      let predictor = try CPUEngine(threads: threads).predictor(
        for: network, resolution: 32, batchSize: 6)
      try predictor.loadStateDict(trainer.stateDict(), from: "state")
      let images = ImageBatch(pixels: batch.pixels, resolution: 32, labels: batch.labels)
      #expect(try predictor.logits(images) == trainer.logits(images))
      #expect(try predictor.evaluate(images) == trainer.evaluate(images))
      // Weights that are loaded later count too.
      try predictor.loadStateDict(InitialWeights.make(for: network, seed: 1), from: "other")
      #expect(try predictor.logits(images) != trainer.logits(images))
    }
  }

  @Test("A predictor keeps parameters and statistics, packed once, and no training plan")
  func memory() throws {
    let network = try Network.named("mobilenet_v2", width: 0.35, classes: 10)
    let job = TrainingJob(network, resolution: 64, batchSize: 8)
    let engine = CPUEngine(threads: 2)
    let trainer = try engine.trainer(for: job)
    let predictor = try #require(
      try engine.predictor(for: network, resolution: 64, batchSize: 8) as? CPUPredictor)
    let memory = predictor.memory
    #expect(predictor.parameters.gradients.count == 0)
    let values = network.parameters.filter { $0.kind != .batchesTracked }.reduce(0) {
      $0 + $1.count
    }
    // Twice the values, what pads them to whole vectors, and four coefficients per channel.
    #expect(memory.model > 4 * values && Double(memory.model) < 4 * 2.6 * Double(values))
    #expect(memory.model < trainer.memory.model / 2)
    #expect(memory.workspace < trainer.memory.workspace / 2)

    let workspace = Workspace()
    let alone = try CPUPredictor(job, teams: Teams(threads: 2, workspace: workspace))
    let reserved = workspace.byteCount
    _ = alone.evaluate(
      ImageBatch(
        pixels: TestBatch(count: 8, resolution: 64).pixels, resolution: 64,
        labels: [Int32](repeating: 0, count: 8)))
    #expect(workspace.byteCount == reserved)
    #expect(reserved >= memory.workspace && reserved < memory.workspace + 2 << 20)
  }

  @Test("The memory of training that is planned is close to what a trainer takes")
  func plannedMemory() throws {
    let network = try Network.named("mobilenet_v1", width: 1, classes: 10)
    let job = TrainingJob(network, resolution: 64, batchSize: 4)
    let engine = CPUEngine(threads: 2)
    let (planned, taken) = try (engine.memory(of: job), engine.trainer(for: job).memory)
    #expect(planned.workspace == taken.workspace)
    #expect(abs(planned.model - taken.model) < taken.model / 20)
  }
}
