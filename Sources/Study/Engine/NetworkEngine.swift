import CPUEngine
import Common
import Networks
import Weights

/// The engine that trains networks on this machine's processors.
public final class NetworkEngine: TrainingEngine {
  /// The width in bits of what the kernels treat as one register.
  public static let vectorBits = lanes * 32

  private let pool: ThreadPool
  /// The models of a group take turns in it.
  private let workspace = Workspace()

  /// An engine on `threads` threads.
  public init(threads: Int) {
    pool = ThreadPool(threads: threads)
  }

  /// The initial weights of a network, the same for every call.
  public func initialWeights(
    of network: Network, seed: Int
  ) throws(SweepError) -> [NamedTensor] {
    InitialWeights.make(for: network, seed: UInt64(seed))
  }

  /// The bytes that training a cell takes.
  public func footprint(for cell: Cell, network: Network) throws(SweepError) -> MemoryFootprint {
    MemoryFootprint(
      of: network, resolution: cell.resolution, batchSize: cell.recipe.batchSize,
      threads: pool.threads, settings: try cell.trainingSettings(of: network))
  }

  /// A trainer for a cell, its weights not yet set.
  public func trainer(for cell: Cell, network: Network) throws(SweepError) -> any CellTrainer {
    let trainer = Trainer(
      network: network, resolution: cell.resolution, batchSize: cell.recipe.batchSize,
      settings: try cell.trainingSettings(of: network), pool: pool, workspace: workspace)
    try workspace.prepare(trainer.workspaceBytes)
    return NetworkTrainer(trainer)
  }

  /// How long a training step and an evaluation take, in seconds an image.
  func speed(
    of network: Network, resolution: Int, batchSize: Int
  ) throws(SweepError) -> (train: Double, evaluate: Double) {
    let trainer = Trainer(
      network: network, resolution: resolution, batchSize: batchSize, pool: pool,
      workspace: workspace)
    do {
      let result = try Benchmark(trainer, batchSize: batchSize, repetitions: 2)
      return (1 / result.trainImagesPerSecond, 1 / result.evalImagesPerSecond)
    } catch {
      throw SweepError(.runFailed, at: network.name, "cannot be timed: \(error)")
    }
  }
}

/// A network's trainer as the runner wants it.
private final class NetworkTrainer: CellTrainer {
  private let trainer: Trainer

  init(_ trainer: Trainer) {
    self.trainer = trainer
  }

  func step(_ batch: ImageBatch, learningRate: Double) throws(SweepError) -> BatchResult {
    BatchResult(
      trainer.step(
        pixels: batch.pixels, labels: batch.labels, learningRate: learningRate, keys: batch.keys))
  }

  func evaluate(_ batch: ImageBatch) throws(SweepError) -> BatchResult {
    let result = trainer.evaluate(pixels: batch.pixels, labels: batch.labels)
    var sums = BatchResult(result)
    sums.predictions = result.predictions
    return sums
  }

  func measureLatency() -> Double? {
    // What the pixels show does not change the time.
    let pixels = [Float](repeating: 0.5, count: 3 * trainer.resolution * trainer.resolution)
    let clock = ContinuousClock()
    let times = pixels.withUnsafeBufferPointer { pixels -> [Swift.Duration] in
      guard let start = pixels.baseAddress else { return [] }
      // The first ones find the caches cold.
      return (0..<13).map { _ in
        clock.measure { _ = trainer.evaluate(pixels: start, labels: [0]) }
      }.dropFirst(2).sorted()
    }
    return times.isEmpty ? nil : times[times.count / 2] / .seconds(1)
  }

  func exportState() -> [NamedTensor] { trainer.exportState() }

  func importState(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try trainer.importState(tensors, from: source)
  }

  func exportOptimizer() -> [NamedTensor] { trainer.exportOptimizer() }

  func importOptimizer(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try trainer.importOptimizer(tensors, from: source)
  }
}

extension BatchResult {
  fileprivate init(_ result: StepResult) {
    self.init(lossSum: result.lossSum, correct: result.correct, count: result.count)
  }
}
