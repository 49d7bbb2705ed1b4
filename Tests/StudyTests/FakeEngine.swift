import CPUEngine
import Common
import Networks
import Results
import Weights

@testable import Study

/// Trainers that are quick and exact: a step moves weights by what the batch and the optimiser's
/// memory say, so a step that is left out, doubled or out of order shows in them.
final class FakeEngine: TrainingEngine {
  /// What a cell's step gives instead, by cell id and number of steps it has made before.
  var onStep: (_ cell: String, _ step: Int) throws(SweepError) -> Double? = {
    (_, _) throws(SweepError) in nil
  }
  /// The cells that trainers were made for.
  private(set) var trained: [String] = []

  func initialWeights(of network: Network, seed: Int) throws(SweepError) -> [NamedTensor] {
    network.parameters.map { spec in
      let values: NamedTensor.Values =
        spec.kind == .batchesTracked
        ? .int64([0])
        : .float32((0..<spec.count).map { Float(($0 + seed) % 7) / 7 })
      return NamedTensor(name: spec.name, shape: spec.shape, values: values)
    }
  }

  func footprint(for cell: Cell, network: Network) -> MemoryFootprint {
    MemoryFootprint(model: 1 << 20, workspace: cell.resolution << 20)
  }

  func trainer(for cell: Cell, network: Network) throws(SweepError) -> any CellTrainer {
    trained.append(cell.id)
    return FakeTrainer(self, cell.id)
  }
}

final class FakeTrainer: CellTrainer {
  private let engine: FakeEngine
  private let cell: String
  private var state: [NamedTensor] = []
  private var memory: Float = 0
  private var steps = 0

  init(_ engine: FakeEngine, _ cell: String) {
    self.engine = engine
    self.cell = cell
  }

  func step(_ batch: ImageBatch, learningRate: Double) throws(SweepError) -> BatchResult {
    let loss = try engine.onStep(cell, steps)
    memory = 0.9 * memory + batch.pixels[0]
    steps += 1
    // The first tensor stands for all of them.
    if case .float32(var values)? = state.first?.values {
      for place in values.indices { values[place] += Float(learningRate) * memory }
      state[0].values = .float32(values)
    }
    return result(batch, loss: loss)
  }

  func evaluate(_ batch: ImageBatch) throws(SweepError) -> BatchResult {
    var sums = result(batch, loss: nil)
    sums.predictions = batch.labels.indices.map { Int32(($0 + steps) % 3) }
    return sums
  }

  func measureLatency() -> Double? { 0.25 }

  private func result(_ batch: ImageBatch, loss: Double?) -> BatchResult {
    let weight = Double(state.first?.floats?.first ?? 0)
    let count = batch.labels.count
    return BatchResult(lossSum: loss ?? weight * Double(count), correct: count / 2, count: count)
  }

  func exportState() -> [NamedTensor] { state }

  func importState(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    state = tensors
  }

  func exportOptimizer() -> [NamedTensor] {
    [
      NamedTensor(name: "optimizer.memory", shape: [1], values: .float32([memory])),
      NamedTensor(name: "optimizer.step", shape: [], values: .int64([Int64(steps)])),
    ]
  }

  func importOptimizer(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    for tensor in tensors {
      switch tensor.values {
      case .float32(let values): memory = values[0]
      case .int64(let values): steps = Int(values[0])
      }
    }
  }
}

/// Batches of numbered images, each image's number being its pixels.
final class FakeBatches: BatchSource {
  let size: DataSize
  var fingerprint = "data"
  let validationSet: ValidationSet
  var files = "0 1 train/a/1.png\n"
  /// What happens before a training batch of an epoch is given.
  var onBatch: (_ epoch: Int, _ step: Int) throws(SweepError) -> Void = {
    (_, _) throws(SweepError) in
  }
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

private final class FakeSequence: BatchSequence {
  private let source: FakeBatches
  private let epoch: Int?
  private let first: Int
  private let images: Int
  private let batchSize: Int
  private var step: Int
  private let pixels = UnsafeMutablePointer<Float>.allocate(capacity: 1)

  init(_ source: FakeBatches, epoch: Int?, first: Int, images: Int, batchSize: Int, step: Int) {
    self.source = source
    self.epoch = epoch
    self.first = first
    self.images = images
    self.batchSize = batchSize
    self.step = step
    pixels.initialize(to: 0)
  }

  deinit { pixels.deallocate() }

  func next() throws(SweepError) -> ImageBatch? {
    let count = min(batchSize, images - step * batchSize)
    guard count > 0 else { return nil }
    if let epoch {
      try source.onBatch(epoch, step)
      source.given += 1
    }
    pixels.pointee = Float(first + step) / 1000
    step += 1
    return ImageBatch(pixels: pixels, labels: [Int32](repeating: 0, count: count))
  }
}
