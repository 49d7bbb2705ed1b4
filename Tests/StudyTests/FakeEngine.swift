import Common
import Engine
import Networks
import Results
import Synchronization
import Testing
import Weights

@testable import Study

/// Trainers that are quick and exact: a step moves weights by what the batch and the optimizer's
/// state say, so a step that is left out, doubled or out of order shows in them.
final class FakeEngine: Engine {
  /// What a cell's step gives instead, by cell id and number of steps it has made before.
  var onStep: (_ cell: String, _ step: Int) throws(SweepError) -> Double? = {
    (_, _) throws(SweepError) in nil
  }
  /// The cells that trainers were made for.
  private(set) var trained: [String] = []
  var freeMemory: Int?
  /// With several threads, steps run side by side, and `onStep` on the teams' threads.
  var threads = 1
  var device: DeviceDescription {
    DeviceDescription(name: "fake", threads: threads, vectorBits: 256)
  }
  var mostTeams: Int { threads }
  /// The divisions into teams so far.
  private(set) var divisions: [[Int]] = []
  /// The teams that are in a step.
  fileprivate let busy = Mutex<Set<Int>>([])

  func divide(into teams: [Int]) {
    #expect(busy.withLock { $0.isEmpty })
    divisions.append(teams)
  }

  func memory(of job: TrainingJob) -> MemoryFootprint {
    MemoryFootprint(model: 1 << 20, workspace: job.resolution << 20)
  }

  func trainer(for job: TrainingJob) -> any Trainer {
    trained.append(job.name)
    return FakeTrainer(self, job)
  }

  func predictor(for network: Network, resolution: Int, batchSize: Int) -> any Predictor {
    FakeTrainer(self, TrainingJob(network, resolution: resolution, batchSize: batchSize))
  }

  func measureLimits() -> MachineLimits { MachineLimits(flops: 1, bandwidth: 1) }
}

final class FakeTrainer: Trainer {
  let resolution: Int
  let batchSize: Int
  let memory = MemoryFootprint(model: 0, workspace: 0)
  var profile: StepProfile?
  private let engine: FakeEngine
  private let cell: String
  private var state: [NamedTensor] = []
  private var momentum: Float = 0
  private var steps = 0
  private var team: Int?

  init(_ engine: FakeEngine, _ job: TrainingJob) {
    self.engine = engine
    cell = job.name
    resolution = job.resolution
    batchSize = job.batchSize
  }

  func join(team: Int?) { self.team = team }

  func step(_ batch: ImageBatch, learningRate: Double) throws(SweepError) -> BatchResult {
    // A team runs one step at a time.
    if let team {
      let isFree = engine.busy.withLock { $0.insert(team).inserted }
      #expect(isFree)
    }
    defer { if let team { engine.busy.withLock { _ = $0.remove(team) } } }
    let loss = try engine.onStep(cell, steps)
    momentum = 0.9 * momentum + batch.withPixels { $0[0] }
    steps += 1
    // The first tensor stands for all of them.
    if case .float32(var values)? = state.first?.values {
      for place in values.indices { values[place] += Float(learningRate) * momentum }
      state[0].values = .float32(values)
    }
    return result(batch, loss: loss)
  }

  func evaluate(_ batch: ImageBatch) throws(SweepError) -> BatchResult {
    var sums = result(batch, loss: nil)
    sums.predictions = batch.labels.indices.map { Int32(($0 + steps) % 3) }
    return sums
  }

  func logits(_ batch: ImageBatch) -> [Float] { [] }

  func traffic(batch: Int) -> StepTraffic? { nil }

  func measureLatency() -> Double? { 0.25 }

  private func result(_ batch: ImageBatch, loss: Double?) -> BatchResult {
    let weight = Double(state.first?.floats?.first ?? 0)
    let count = batch.labels.count
    return BatchResult(lossSum: loss ?? weight * Double(count), correct: count / 2, count: count)
  }

  func stateDict() -> [NamedTensor] { state }

  func loadStateDict(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    state = tensors
  }

  func optimizerState() -> [NamedTensor] {
    [
      NamedTensor(name: "optimizer.memory", shape: [1], values: .float32([momentum])),
      NamedTensor(name: "optimizer.step", shape: [], values: .int64([Int64(steps)])),
    ]
  }

  func loadOptimizerState(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    for tensor in tensors {
      switch tensor.values {
      case .float32(let values): momentum = values[0]
      case .int64(let values): steps = Int(values[0])
      }
    }
  }
}

/// Batches of numbered images, each image's number being its pixels.
final class FakeBatches: BatchSource {
  let size: DataSize
  var fingerprint = "data"
  var validationSet: ValidationSet
  var files = "0 1 train/a/1.png\n"
  /// What happens before a training batch of an epoch is given.
  var onBatch: (_ epoch: Int, _ step: Int) throws(SweepError) -> Void = {
    (_, _) throws(SweepError) in
  }
  /// How many test images there are.
  var testImages = 0
  /// What happens when they are asked for.
  var onTest: () -> Void = {}
  /// How often they were asked for.
  fileprivate(set) var tests = 0
  /// How many training batches were given.
  fileprivate(set) var given = 0

  init(trainImages: Int = 20) {
    size = DataSize(classes: 3, trainImages: trainImages, valImages: 6)
    validationSet = ValidationSet(
      dataFingerprint: "data", classes: ["cat", "dog", "elk"], labels: [0, 0, 1, 1, 2, 2])
  }

  func training(
    _ group: CellGroup, epoch: Int, from step: Int
  ) throws(SweepError) -> any BatchSequence {
    let order = group.recipe.shuffle ? epoch * 1000 + group.seed : group.seed
    return FakeSequence(
      self, epoch: epoch, first: order, images: size.trainImages,
      batchSize: group.recipe.batchSize, step: step)
  }

  func validation(_ group: CellGroup) throws(SweepError) -> any BatchSequence {
    FakeSequence(
      self, epoch: nil, first: 0, images: size.valImages, batchSize: group.recipe.batchSize, step: 0
    )
  }
}

extension FakeBatches {
  func test(_ group: CellGroup) throws(SweepError) -> (any BatchSequence)? {
    guard testImages > 0 else { return nil }
    tests += 1
    onTest()
    return FakeSequence(
      self, epoch: nil, first: 0, images: testImages, batchSize: group.recipe.batchSize, step: 0)
  }
}

private final class FakeSequence: BatchSequence {
  private let source: FakeBatches
  private let epoch: Int?
  private let first: Int
  private let images: Int
  private let batchSize: Int
  private var step: Int

  init(_ source: FakeBatches, epoch: Int?, first: Int, images: Int, batchSize: Int, step: Int) {
    self.source = source
    self.epoch = epoch
    self.first = first
    self.images = images
    self.batchSize = batchSize
    self.step = step
  }

  func next() throws(SweepError) -> ImageBatch? {
    let count = min(batchSize, images - step * batchSize)
    guard count > 0 else { return nil }
    if let epoch {
      try source.onBatch(epoch, step)
      source.given += 1
    }
    let pixels = [Float](repeating: Float(first + step) / 1000, count: 3 * count)
    step += 1
    return ImageBatch(pixels: pixels, resolution: 1, labels: [Int32](repeating: 0, count: count))
  }
}
