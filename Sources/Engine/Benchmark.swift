import Common
import Networks
import Weights

/// The speed of a network's training step and evaluation on an engine, on synthetic images.
package struct Benchmark: Sendable {
  package struct Timing: Sendable, Equatable {
    /// The median; for an even number, the later of the two middle values.
    package var median: Double
    package var shortest: Double
    package var longest: Double

    init(_ seconds: [Double]) {
      let sorted = seconds.sorted()
      median = sorted[sorted.count / 2]
      shortest = sorted[0]
      longest = sorted[sorted.count - 1]
    }
  }

  package let batchSize: Int
  package let step: Timing
  package let evaluation: Timing
  /// Bytes that a training step moves; nil if the engine does not count them.
  package let stepBytes: Int?
  /// Bytes that an evaluation moves; nil if the engine does not count them.
  package let evaluationBytes: Int?
  /// The network's layers in training; empty unless requested.
  package let layers: [BenchmarkLayer]
  /// The other parts of a training step, in seconds; empty unless requested.
  package let others: [(name: String, seconds: Double)]

  package var trainImagesPerSecond: Double { Double(batchSize) / step.median }
  package var evalImagesPerSecond: Double { Double(batchSize) / evaluation.median }

  /// Times `repetitions` steps and evaluations, at least one, after one warm-up of each.
  ///
  /// With `byLayer`, also times the parts of the steps. Throws if the engine cannot run the job.
  package init(
    _ job: TrainingJob, on engine: any Engine, repetitions: Int, byLayer: Bool = false
  ) throws(SweepError) {
    let trainer = try Self.trainer(for: job, on: engine)
    let batch = Self.batch(of: job)
    func time(_ body: () throws(SweepError) -> Void) throws(SweepError) -> Timing {
      try body()
      var times: [Double] = []
      for _ in 0..<repetitions {
        let start = ContinuousClock.now
        try body()
        times.append((ContinuousClock.now - start) / .seconds(1))
      }
      return Timing(times)
    }
    var profiles: [StepProfile] = []
    batchSize = job.batchSize
    step = try time { () throws(SweepError) in
      if byLayer {
        let profile = StepProfile()
        trainer.profile = profile
        profiles.append(profile)
      }
      _ = try trainer.step(batch, learningRate: 1e-4)
    }
    trainer.profile = nil
    evaluation = try time { () throws(SweepError) in _ = try trainer.evaluate(batch) }
    let traffic = trainer.traffic(batch: batchSize)
    stepBytes = traffic?.step
    evaluationBytes = traffic?.evaluation

    func median(_ part: StepProfile.Part) -> Double {
      // The first is the warm-up.
      Timing(profiles.dropFirst().map { $0.seconds[part] ?? 0 }).median
    }
    guard byLayer, let traffic, profiles.allSatisfy({ !$0.seconds.isEmpty }) else {
      (layers, others) = ([], [])
      return
    }
    layers = try BenchmarkLayer.all(of: job, traffic: traffic, seconds: median)
    others = [
      ("packing the weights", median(.packing)), ("loss", median(.loss)),
      ("optimizer", median(.optimizer)),
    ]
  }

  /// A trainer with initial weights.
  package static func trainer(
    for job: TrainingJob, on engine: any Engine
  ) throws(SweepError) -> any Trainer {
    let trainer = try engine.trainer(for: job)
    try trainer.loadStateDict(
      InitialWeights.make(for: job.network, seed: 0), from: "initial weights")
    return trainer
  }

  /// A batch of synthetic images.
  package static func batch(of job: TrainingJob) -> ImageBatch {
    var state: UInt32 = 1
    let pixels = (0..<job.batchSize * job.resolution * job.resolution * 3).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) * 0x1p-22 - 2
    }
    return ImageBatch(
      pixels: pixels, resolution: job.resolution,
      labels: (0..<job.batchSize).map { Int32($0 % job.network.classes) })
  }
}
