import Networks
import Testing

@testable import Training

/// Networks whose first layers stay as they are.
@Suite struct FrozenLayersTests {
  private func trainer(
    _ model: String, frozen: Int, optimizer: OptimizerSettings = .adam(Adam(weightDecay: 0.1)),
    resolution: Int = 32
  ) throws -> Trainer {
    let network = try Network.named(model, width: 0.25, classes: 10)
    let trainer = Trainer(
      network: network, resolution: resolution, batchSize: 6,
      settings: TrainingSettings(optimizer: optimizer, frozenNodes: frozen),
      pool: ThreadPool(threads: 2), workspace: Workspace())
    try trainer.importState(InitialWeights.make(for: network, seed: 0), from: "initial weights")
    return trainer
  }

  private func train(_ trainer: Trainer, steps: Int) {
    for step in 0..<steps {
      let batch = TestBatch(count: 6, resolution: 32, seed: UInt32(step))
      _ = trainer.step(pixels: batch.pixels, labels: batch.labels, learningRate: 1e-3)
    }
  }

  private static let stages = [
    ("mobilenet_v1", "classifier"), ("mobilenet_v1", "feature_ext.5"),
    ("mobilenet_v1", "feature_ext.5.pointwise"), ("mobilenet_v2", "classifier"),
    ("mobilenet_v2", "tail"), ("mobilenet_v2", "feature_ext.8"), ("mobilenet_v2", "feature_ext.3"),
    ("c_mobilenet_v2", "feature_ext.6.downsample"),
  ]

  @Test("What is frozen does not change, statistics included; all else does", arguments: stages)
  func changes(model: String, stage: String) throws {
    let network = try Network.named(model, width: 0.25, classes: 10)
    let frozen = try network.start(ofStage: stage)
    let trainer = try trainer(model, frozen: frozen)
    let before = trainer.exportState()
    train(trainer, steps: 2)
    for (index, tensor) in trainer.exportState().enumerated() {
      let isFrozen = network.parameters[index].node < frozen
      #expect((tensor == before[index]) == isFrozen, "\(tensor.name)")
    }
    #expect(
      trainer.exportOptimizer().allSatisfy { tensor in
        network.parameters.allSatisfy { !tensor.name.hasSuffix($0.name) || $0.node >= frozen }
      })
  }

  /// A network that is frozen up to its head, which normalises nothing, has the loss of its
  /// evaluation.
  @Test("Frozen layers normalise as in evaluation")
  func normalisation() throws {
    let network = try Network.named("mobilenet_v2", width: 0.25, classes: 10)
    let trainer = try trainer("mobilenet_v2", frozen: network.headStart)
    let whole = try self.trainer("mobilenet_v2", frozen: 0)
    train(whole, steps: 3)
    try trainer.importState(whole.exportState(), from: "state")
    let batch = TestBatch(count: 6, resolution: 32)
    let expected = whole.evaluate(pixels: batch.pixels, labels: batch.labels)
    let result = trainer.computeGradients(pixels: batch.pixels, labels: batch.labels)
    #expect(result == expected)
  }

  @Test(
    "Gradients above frozen layers are those that differences of the loss give", arguments: stages)
  func gradients(model: String, stage: String) throws {
    let network = try Network.named(model, width: 0.25, classes: 10)
    let frozen = try network.start(ofStage: stage)
    let batch = TestBatch(count: 6, resolution: 96)
    // Running statistics that fit the images, or features vanish before they reach the head.
    let whole = try trainer(model, frozen: 0, resolution: 96)
    for _ in 0..<20 { _ = whole.computeGradients(pixels: batch.pixels, labels: batch.labels) }
    let trainer = try trainer(model, frozen: frozen, resolution: 96)
    var state = whole.exportState()
    func loss() throws -> Double {
      try trainer.importState(state, from: "state")
      return trainer.computeGradients(pixels: batch.pixels, labels: batch.labels).lossSum / 6
    }
    _ = try loss()
    let gradients = Dictionary(
      uniqueKeysWithValues: trainer.exportGradients().map { ($0.name, $0.floats ?? []) })
    let specs = network.parameters
    let trained = specs.indices.filter { specs[$0].isTrainable && specs[$0].node >= frozen }
    // The layers at the border, and the last one.
    for index in trained.prefix(4) + trained.suffix(2) {
      let gradient = try #require(gradients[specs[index].name])
      let values = try #require(state[index].floats)
      let norm = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(norm > 0, "\(specs[index].name)")
      // Along its gradient the loss grows by the gradient's norm.
      let reach = min(1e-3, 2e-4 / norm)
      let losses = try [-reach, reach].map { move -> Double in
        state[index].values = .float32(
          zip(values, gradient).map { $0 + Float(move / norm) * $1 })
        return try loss()
      }
      state[index].values = .float32(values)
      let slope = (losses[1] - losses[0]) / (2 * reach)
      #expect(abs(slope - norm) < 0.1 * norm + 2e-3, "\(specs[index].name)")
    }
  }

  @Test("Below the first layer that is trained no gradient is planned or made", arguments: stages)
  func targets(model: String, stage: String) throws {
    let network = try Network.named(model, width: 0.25, classes: 10)
    let frozen = try network.start(ofStage: stage)
    let plan = ExecutionPlan(
      network, resolution: 32, batch: 6, training: true, frozen: frozen)
    #expect(plan.gradients.prefix(frozen + 1).allSatisfy { $0 == nil })
    #expect(plan.targets.prefix(frozen).allSatisfy { $0.isEmpty })
    // A value below is a target only where a depthwise kernel makes its gradient anyway.
    for target in plan.targets.joined() where target.value <= frozen { #expect(!target.isLast) }
    let whole = ExecutionPlan(network, resolution: 32, batch: 6, training: true)
    #expect(plan.memory.count <= whole.memory.count)
  }
}
