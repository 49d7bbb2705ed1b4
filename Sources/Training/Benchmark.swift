import Foundation
import Kernels
import Networks

/// The speed of a network's training step and evaluation on this machine, on synthetic images.
public struct Benchmark: Sendable {
  /// Medians over the repetitions, in seconds a batch.
  public var stepSeconds: Double
  /// The same for an evaluation.
  public var evaluationSeconds: Double
  /// Images of a batch.
  public var batchSize: Int

  /// Training throughput.
  public var trainImagesPerSecond: Double { Double(batchSize) / stepSeconds }
  /// Evaluation throughput.
  public var evalImagesPerSecond: Double { Double(batchSize) / evaluationSeconds }

  /// Times `repetitions` steps and evaluations after one of each to warm up.
  public init(_ trainer: Trainer, batchSize: Int, repetitions: Int) throws {
    self.batchSize = batchSize
    try trainer.importState(
      InitialWeights.make(for: trainer.network, seed: 0), from: "initial weights")
    let count = batchSize * trainer.resolution * trainer.resolution * 3
    var state: UInt32 = 1
    let pixels = (0..<count).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) * 0x1p-22 - 2
    }
    let labels = (0..<batchSize).map { Int32($0 % trainer.network.classes) }
    func median(_ body: () -> Void) -> Double {
      body()
      let clock = ContinuousClock()
      let times = (0..<repetitions).map { _ in clock.measure(body) / .seconds(1) }.sorted()
      return times[times.count / 2]
    }
    stepSeconds = median { _ = trainer.step(pixels: pixels, labels: labels, learningRate: 1e-4) }
    evaluationSeconds = median { _ = trainer.evaluate(pixels: pixels, labels: labels) }
  }
}
