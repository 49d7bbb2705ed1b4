import Kernels
import Networks
import Weights

/// The speed of a network's training step and evaluation on this machine, on synthetic images.
public struct Benchmark: Sendable {
  /// How long the repetitions of one thing took, in seconds.
  public struct Timing: Sendable, Equatable {
    /// The one in the middle; the later of the two of an even number.
    public var median: Double
    /// The shortest.
    public var shortest: Double
    /// The longest.
    public var longest: Double

    /// The timing of at least one repetition.
    init(_ seconds: [Double]) {
      let sorted = seconds.sorted()
      median = sorted[sorted.count / 2]
      shortest = sorted[0]
      longest = sorted[sorted.count - 1]
    }
  }

  /// Images of a batch.
  public let batchSize: Int
  /// A training step of one batch.
  public let step: Timing
  /// An evaluation of one batch.
  public let evaluation: Timing
  /// Bytes that a training step moves, counted.
  public let stepBytes: Int
  /// Bytes that an evaluation moves, counted.
  public let evaluationBytes: Int
  /// The network's layers in training; empty unless asked for.
  public let layers: [BenchmarkLayer]
  /// What a training step does besides its layers, in seconds; empty unless asked for.
  public let others: [(name: String, seconds: Double)]

  /// Training throughput.
  public var trainImagesPerSecond: Double { Double(batchSize) / step.median }
  /// Evaluation throughput.
  public var evalImagesPerSecond: Double { Double(batchSize) / evaluation.median }

  /// Times `repetitions` steps and evaluations, at least one, after one of each to warm up.
  ///
  /// `batchSize` is at most the trainer's. With `byLayer`, the parts of the same steps are timed
  /// too.
  public init(
    _ trainer: Trainer, batchSize: Int, repetitions: Int, byLayer: Bool = false
  ) throws {
    try trainer.importState(
      InitialWeights.make(for: trainer.network, seed: 0), from: "initial weights")
    let count = batchSize * trainer.resolution * trainer.resolution * 3
    var state: UInt32 = 1
    let pixels = (0..<count).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) * 0x1p-22 - 2
    }
    let labels = (0..<batchSize).map { Int32($0 % trainer.network.classes) }
    func time(_ body: () -> Void) -> Timing {
      let clock = ContinuousClock()
      return Timing((0..<repetitions).map { _ in clock.measure(body) / .seconds(1) })
    }
    var profiles: [Profile] = []
    func step() { _ = trainer.step(pixels: pixels, labels: labels, learningRate: 1e-4) }
    step()
    self.batchSize = batchSize
    self.step = time {
      if byLayer {
        let profile = Profile()
        trainer.profile = profile
        profiles.append(profile)
      }
      step()
    }
    trainer.profile = nil
    func evaluate() { _ = trainer.evaluate(pixels: pixels, labels: labels) }
    evaluate()
    evaluation = time(evaluate)
    stepBytes = trainer.stepBytes(batch: batchSize)
    evaluationBytes = trainer.evaluationBytes(batch: batchSize)

    func median(_ part: Profile.Part) -> Double {
      Timing(profiles.map { $0.seconds[part] ?? 0 }).median
    }
    layers = byLayer ? BenchmarkLayer.all(of: trainer, batch: batchSize, seconds: median) : []
    others =
      byLayer
      ? [
        ("packing the weights", median(.packing)), ("loss", median(.loss)),
        ("optimiser", median(.optimizer)),
      ] : []
  }
}
