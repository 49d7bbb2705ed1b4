import Engine
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

/// Networks whose first layers stay as they are.
@Suite struct FrozenLayersTests {
  private func trainer(_ model: String, frozen: Int) throws -> CPUTrainer {
    try trainer(Network.named(model, width: 0.25, classes: 10), frozen: frozen)
  }

  private func trainer(
    _ network: Network, frozen: Int, resolution: Int = 32
  ) throws -> CPUTrainer {
    let trainer = try CPUTrainer(
      network: network, resolution: resolution, batchSize: 6,
      settings: TrainingSettings(optimizer: Adam(weightDecay: 0.1), frozenNodes: frozen),
      threads: 2)
    try trainer.loadStateDict(InitialWeights.make(for: network, seed: 0), from: "initial weights")
    return trainer
  }

  private func train(_ trainer: CPUTrainer, steps: Int) {
    for step in 0..<steps {
      let batch = TestBatch(count: 6, resolution: 32, seed: UInt32(step))
      _ = trainer.step(pixels: batch.pixels, labels: batch.labels, learningRate: 1e-3)
    }
  }

  private static let stages = [
    ("mobilenet_v1", "classifier"), ("mobilenet_v1", "feature_ext.5"),
    ("mobilenet_v1", "feature_ext.5.pointwise"), ("mobilenet_v2", "classifier"),
    ("mobilenet_v2", "tail"), ("mobilenet_v2", "feature_ext.8"), ("mobilenet_v2", "feature_ext.3"),
    ("c_mobilenet_v2", "feature_ext.6.downsample"), ("mobilenet_v3_small", "bottlenecks.4"),
    // In front of a gate, whose map is frozen, and behind it.
    ("mobilenet_v3_small", "bottlenecks.4.residual.2"),
    ("mobilenet_v3_small", "bottlenecks.4.residual.3"), ("mobilenet_v3_large", "fc1"),
  ]

  @Test("What is frozen does not change, statistics included; all else does", arguments: stages)
  func changes(model: String, stage: String) throws {
    let network = try Network.named(model, width: 0.25, classes: 10)
    let frozen = try network.start(ofStage: stage)
    let trainer = try trainer(model, frozen: frozen)
    let before = trainer.stateDict()
    train(trainer, steps: 2)
    for (index, tensor) in trainer.stateDict().enumerated() {
      let isFrozen = network.parameters[index].node < frozen
      #expect((tensor == before[index]) == isFrozen, "\(tensor.name)")
    }
    let state = trainer.optimizerState()
    #expect(!state.isEmpty)
    #expect(
      state.allSatisfy { tensor in
        network.parameters.allSatisfy { !tensor.name.hasSuffix($0.name) || $0.node >= frozen }
      })
  }

  /// A network that is frozen up to its head, which normalizes nothing, has the loss of its
  /// evaluation.
  @Test("Frozen layers normalize as in evaluation")
  func normalization() throws {
    let network = try Network.named("mobilenet_v2", width: 0.25, classes: 10)
    let trainer = try trainer("mobilenet_v2", frozen: network.headStart)
    let whole = try self.trainer("mobilenet_v2", frozen: 0)
    train(whole, steps: 3)
    try trainer.loadStateDict(whole.stateDict(), from: "state")
    let batch = TestBatch(count: 6, resolution: 32)
    let expected = whole.evaluate(pixels: batch.pixels, labels: batch.labels)
    let result = trainer.computeGradients(pixels: batch.pixels, labels: batch.labels)
    #expect(result == expected)
  }

  /// The network with hard-swish everywhere, whose kinks hardly any value is near, so that rounding
  /// decides nothing, and with running statistics that are those of the last batch.
  private func smooth(_ network: Network) throws -> Network {
    let nodes = network.nodes.map { node in
      var node = node
      switch node.operation {
      case var layer as ConvBNAct:
        layer.batchNorm?.momentum = 1
        if !(layer.activation is Identity) { layer.activation = HardSwish() }
        node.operation = layer
      case var linear as Linear where linear.activation is ReLU:
        linear.activation = HardSwish()
        node.operation = linear
      case let add as Add where !(add.activation is Identity):
        node.operation = Add(activation: HardSwish())
      default: break
      }
      return node
    }
    return try Network(
      name: network.name, width: network.width, classes: network.classes, nodes: nodes)
  }

  /// Where the running statistics are the batch's, frozen layers compute what they compute in
  /// training, and the layers above have the gradients that they have in the whole network.
  @Test("Gradients above frozen layers are those of the whole network", arguments: stages)
  func gradients(model: String, stage: String) throws {
    let resolution = 64
    let network = try smooth(Network.named(model, width: 0.25, classes: 10))
    let frozen = try network.start(ofStage: stage)
    let batch = TestBatch(count: 6, resolution: resolution)
    let whole = try trainer(network, frozen: 0, resolution: resolution)
    let expected = whole.computeGradients(pixels: batch.pixels, labels: batch.labels)
    var state = whole.stateDict()
    let shapes = try network.shapes(resolution: resolution)
    for (index, spec) in network.parameters.enumerated() where spec.kind == .runningVariance {
      // Normalization takes the variance that is not corrected for the number of values.
      let count = Float(6 * shapes[spec.node + 1].height * shapes[spec.node + 1].width)
      let values = try #require(state[index].floats)
      state[index].values = .float32(values.map { $0 * (count - 1) / count })
    }
    let trainer = try trainer(network, frozen: frozen, resolution: resolution)
    try trainer.loadStateDict(state, from: "state")
    let result = trainer.computeGradients(pixels: batch.pixels, labels: batch.labels)
    #expect(abs(result.lossSum - expected.lossSum) < 1e-5 * expected.lossSum)

    func norm(_ values: [Float]) -> Double {
      values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let all = Dictionary(
      uniqueKeysWithValues: whole.gradients().map { ($0.name, $0.floats ?? []) })
    let largest = all.values.map(norm).max() ?? 0
    let trained = Set(network.parameters.filter { $0.node >= frozen }.map(\.name))
    for gradient in trainer.gradients() where trained.contains(gradient.name) {
      let (values, expected) = try (#require(gradient.floats), #require(all[gradient.name]))
      let difference = norm(zip(values, expected).map { $0 - $1 })
      // Rounding alone: gradients that are zero but for it, of a weight before a normalization
      // along itself, are measured by the largest.
      #expect(difference < 1e-4 * norm(expected) + 1e-6 * largest, "\(gradient.name)")
    }
    #expect(largest > 0)
  }

  @Test("Below the first layer that is trained no gradient is planned or made", arguments: stages)
  func targets(model: String, stage: String) throws {
    let network = try Network.named(model, width: 0.25, classes: 10)
    let frozen = try network.start(ofStage: stage)
    let sized = try network.at(resolution: 32)
    let plan = ExecutionPlan(
      sized, batch: 6, training: true, frozen: frozen)
    #expect(plan.gradients.prefix(frozen + 1).allSatisfy { $0 == nil })
    #expect(plan.targets.prefix(frozen).allSatisfy { $0.isEmpty })
    // A value below is a target only where a depthwise kernel makes its gradient anyway.
    for target in plan.targets.joined() where target.value <= frozen { #expect(!target.isLast) }
    let whole = ExecutionPlan(sized, batch: 6, training: true)
    #expect(plan.memory.count <= whole.memory.count)
  }
}
