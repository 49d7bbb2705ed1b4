import Common
import Engine
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

/// Fixed images and labels.
struct TestBatch {
  let pixels: [Float]
  let labels: [Int32]

  init(count: Int, resolution: Int, classes: Int = 10, seed: UInt32 = 1) {
    var state = seed
    pixels = (0..<count * resolution * resolution * 3).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) * 0x1p-22 - 2
    }
    labels = (0..<count).map { Int32(($0 * 7 + 3) % classes) }
  }
}

@Suite struct TrainerTests {
  static let models = [
    "mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2", "mobilenet_v2_tf", "mobilenet_v3_small",
  ]

  private func trainer(
    _ model: String, width: Double = 0.35, resolution: Int = 32, batchSize: Int = 7,
    threads: Int = 2, workspace: Workspace = Workspace(),
    settings: TrainingSettings = TrainingSettings()
  ) throws -> CPUTrainer {
    let network = try Network.named(model, width: width, classes: 10, rounding: .truncate)
    let trainer = try CPUTrainer(
      network: network, resolution: resolution, batchSize: batchSize, settings: settings,
      threads: threads, workspace: workspace)
    try trainer.loadStateDict(InitialWeights.make(for: network, seed: 0), from: "initial weights")
    return trainer
  }

  private func train(_ trainer: CPUTrainer, steps: Int) -> [BatchResult] {
    (0..<steps).map { step in
      let batch = TestBatch(
        count: step % 3 == 2 ? 3 : trainer.batchSize, resolution: trainer.resolution,
        seed: UInt32(step))
      return trainer.step(pixels: batch.pixels, labels: batch.labels, learningRate: 1e-3)
    }
  }

  @Test("The number of threads does not change a bit of losses or weights", arguments: models)
  func threads(model: String) throws {
    let one = try trainer(model, threads: 1)
    let results = train(one, steps: 4)
    for threads in [2, 3, 5] {
      let many = try trainer(model, threads: threads)
      #expect(train(many, steps: 4) == results)
      #expect(many.stateDict() == one.stateDict())
      #expect(many.optimizerState() == one.optimizerState())
    }
  }

  @Test("Models that take turns on one workspace do not disturb each other")
  func company() throws {
    let workspace = Workspace()
    let pair = try Self.models.prefix(2).map { try trainer($0, workspace: workspace) }
    let alone = try Self.models.prefix(2).map { try trainer($0) }
    for step in 0..<3 {
      let batch = TestBatch(count: 7, resolution: 32, seed: UInt32(step))
      for (shared, own) in zip(pair, alone) {
        #expect(
          shared.step(pixels: batch.pixels, labels: batch.labels, learningRate: 1e-3)
            == own.step(pixels: batch.pixels, labels: batch.labels, learningRate: 1e-3))
      }
    }
  }

  @Test("A step more from saved state is the step that would have followed", arguments: models)
  func resume(model: String) throws {
    let straight = try trainer(model)
    _ = train(straight, steps: 3)
    let resumed = try trainer(model)
    try resumed.loadStateDict(straight.stateDict(), from: "state")
    try resumed.loadOptimizerState(straight.optimizerState(), from: "state")
    #expect(train(straight, steps: 3) == train(resumed, steps: 3))
    #expect(straight.stateDict() == resumed.stateDict())
  }

  @Test(
    "For each optimizer a step more from saved state is the step that would have followed",
    arguments: TrainingSettingsTests.optimizers)
  func resume(name: String, optimizer: any Optimizer) throws {
    let settings = TrainingSettings(
      optimizer: optimizer, labelSmoothing: 0.1, clipping: .norm(0.5))
    func trainer(_ threads: Int) throws -> CPUTrainer {
      try self.trainer(
        "mobilenet_v2", width: 0.1, batchSize: 4, threads: threads, settings: settings)
    }
    let straight = try trainer(2)
    _ = train(straight, steps: 2)
    let resumed = try trainer(3)
    try resumed.loadStateDict(straight.stateDict(), from: "state")
    try resumed.loadOptimizerState(straight.optimizerState(), from: "state")
    #expect(train(straight, steps: 2) == train(resumed, steps: 2))
    #expect(straight.stateDict() == resumed.stateDict())
    #expect(straight.optimizerState() == resumed.optimizerState())
  }

  @Test("The memory of another optimizer is refused")
  func otherOptimizer() throws {
    let adam = try trainer("mobilenet_v2", width: 0.1)
    let sgd = try trainer(
      "mobilenet_v2", width: 0.1,
      settings: TrainingSettings(optimizer: SGD(momentum: 0.9)))
    #expect(throws: SweepError.self) {
      try sgd.loadOptimizerState(adam.optimizerState(), from: "state")
    }
  }

  @Test("Training lowers the loss on images seen again and again", arguments: models)
  func learns(model: String) throws {
    let trainer = try trainer(model, batchSize: 16)
    let batch = TestBatch(count: 16, resolution: 32)
    let losses = (0..<30).map { _ in
      trainer.step(pixels: batch.pixels, labels: batch.labels, learningRate: 2e-3).lossSum
    }
    #expect(losses.allSatisfy { $0.isFinite })
    #expect((losses.last ?? .infinity) < losses[0] / 2)
  }

  @Test("A single image can be evaluated, and gets the logits it gets in company")
  func singleImage() throws {
    let trainer = try trainer("mobilenet_v2")
    _ = train(trainer, steps: 2)
    let batch = TestBatch(count: 5, resolution: 32)
    let together = trainer.logits(pixels: batch.pixels, count: 5)
    let alone = trainer.logits(pixels: Array(batch.pixels.prefix(32 * 32 * 3)), count: 1)
    #expect(Array(together.prefix(10)) == alone)
  }

  @Test("A loss that is not a number is reported as one")
  func notANumber() throws {
    let trainer = try trainer("mobilenet_v1")
    var batch = TestBatch(count: 4, resolution: 32).pixels
    batch[5] = .nan
    #expect(trainer.step(pixels: batch, labels: [0, 1, 2, 3], learningRate: 1e-3).lossSum.isNaN)
  }

  @Test("Weights of another width are refused by the tensor that differs")
  func otherWidth() throws {
    let trainer = try trainer("mobilenet_v2")
    let other = try Network.named("mobilenet_v2", width: 0.5, classes: 10, rounding: .truncate)
    #expect(throws: SweepError.self) {
      try trainer.loadStateDict(InitialWeights.make(for: other, seed: 0), from: "w.safetensors")
    }
  }
}
