import Networks
import Testing

@testable import CPUEngine
@testable import Engine
@testable import Weights

@Suite struct BenchmarkTests {
  private func trainer() throws -> CPUTrainer {
    let network = try Network.named("mobilenet_v2", width: 0.35, classes: 10)
    let trainer = try CPUTrainer(
      network: network, resolution: 32, batchSize: 4, threads: 2)
    try trainer.loadStateDict(InitialWeights.make(for: network, seed: 0), from: "initial weights")
    return trainer
  }

  private func step(_ trainer: CPUTrainer) -> BatchResult {
    let batch = TestBatch(count: 4, resolution: 32)
    return trainer.step(pixels: batch.pixels, labels: batch.labels, learningRate: 0.001)
  }

  @Test("A profile has every part of a step, and together they take no longer than the step")
  func profile() throws {
    let trainer = try trainer()
    let profile = StepProfile()
    trainer.profile = profile
    let total = ContinuousClock().measure { _ = step(trainer) } / .seconds(1)
    let nodes = trainer.network.nodes.indices
    let parts = nodes.map(StepProfile.Part.forward) + nodes.map(StepProfile.Part.backward)
    #expect(Set(profile.seconds.keys) == Set(parts + [.packing, .loss, .optimizer]))
    #expect(profile.seconds.values.reduce(0, +) <= total)
  }

  @Test("A profiled step gives the same bits")
  func profileChangesNothing() throws {
    let (plain, profiled) = (try trainer(), try trainer())
    profiled.profile = StepProfile()
    #expect(step(plain) == step(profiled))
    #expect(plain.stateDict() == profiled.stateDict())
  }

  @Test("Layers have the network's operations: forward once, backward twice, the stem's once")
  func operations() throws {
    let network = try Network.named("mobilenet_v2", width: 0.35, classes: 10)
    let benchmark = try Benchmark(
      TrainingJob(network, resolution: 32, batchSize: 3), on: CPUEngine(threads: 2),
      repetitions: 2, byLayer: true)
    let costs = try network.costs(resolution: 32)
    #expect(benchmark.layers.map(\.forward.flops) == costs.map { 3 * $0.flops })
    #expect(benchmark.layers[0].backward.flops == 3 * costs[0].flops)
    #expect(
      benchmark.layers.dropFirst().map(\.backward.flops) == costs.dropFirst().map { 6 * $0.flops })
    #expect(benchmark.layers.allSatisfy { $0.forward.seconds > 0 && $0.backward.seconds > 0 })
  }

  @Test("The median, the shortest and the longest are told apart")
  func timing() {
    let timing = Benchmark.Timing([3, 1, 2, 9, 5])
    #expect((timing.shortest, timing.median, timing.longest) == (1, 3, 9))
  }

  @Test(
    "A layer's floor is the slower of its operations and its bytes",
    arguments: [(40, 1, 4.0), (4, 100, 5.0)])
  func floor(flops: Int, bytes: Int, seconds: Double) {
    let limits = MachineLimits(flops: 10, bandwidth: 20)
    #expect(BenchmarkLayer.Pass(seconds: 7, flops: flops, bytes: bytes).floor(limits) == seconds)
  }
}
