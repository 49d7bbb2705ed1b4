import CPUEngine
import Common
import Networks
import Weights

/// What makes networks trainable; tests put a small one in its place.
public protocol TrainingEngine: AnyObject {
  /// The initial weights of a network, the same for every call.
  func initialWeights(of network: Network, seed: Int) throws(SweepError) -> [NamedTensor]

  /// The bytes that training a cell takes.
  func footprint(for cell: Cell, network: Network) throws(SweepError) -> MemoryFootprint

  /// A trainer for a cell, its weights not yet set.
  func trainer(for cell: Cell, network: Network) throws(SweepError) -> any CellTrainer
}

/// One cell's network in training.
public protocol CellTrainer: AnyObject {
  /// One optimiser step on a batch.
  func step(_ batch: ImageBatch, learningRate: Double) throws(SweepError) -> BatchResult

  /// The network's results on a batch, predictions included, with the running statistics; nothing
  /// is changed.
  func evaluate(_ batch: ImageBatch) throws(SweepError) -> BatchResult

  /// Seconds that one image takes, the median of several; nil where that cannot be measured.
  func measureLatency() -> Double?

  /// Weights and running statistics, by PyTorch's names.
  func exportState() -> [NamedTensor]

  /// Takes weights and running statistics; throws where they are another network's. `source` names
  /// their file.
  func importState(_ tensors: [NamedTensor], from source: String) throws(SweepError)

  /// The optimiser's moments and step count, their names beginning with `optimizer.`.
  func exportOptimizer() -> [NamedTensor]

  /// Takes an optimiser's moments and step count; throws where they are another network's.
  func importOptimizer(_ tensors: [NamedTensor], from source: String) throws(SweepError)
}

/// Images ready for a network.
public struct ImageBatch {
  /// `[count, ρ, ρ, 3]`, normalised; valid until the next batch is asked for.
  public let pixels: UnsafePointer<Float>
  /// The images' classes.
  public let labels: [Int32]
  /// What random draws in the network depend on; nil where there are none.
  public let keys: SampleKeys?

  /// A batch of `labels.count` images.
  public init(pixels: UnsafePointer<Float>, labels: [Int32], keys: SampleKeys? = nil) {
    self.pixels = pixels
    self.labels = labels
    self.keys = keys
  }
}

/// What a batch came to.
public struct BatchResult: Sendable, Equatable {
  /// The cross-entropy, summed over the images.
  public var lossSum: Double
  /// How many images were classified rightly.
  public var correct: Int
  /// How many images there were.
  public var count: Int
  /// The predicted classes in the images' order; empty where they are not kept.
  public var predictions: [Int32]

  /// The given results.
  public init(
    lossSum: Double = 0, correct: Int = 0, count: Int = 0, predictions: [Int32] = []
  ) {
    self.lossSum = lossSum
    self.correct = correct
    self.count = count
    self.predictions = predictions
  }

  /// Both together.
  public static func += (left: inout BatchResult, right: BatchResult) {
    left.lossSum += right.lossSum
    left.correct += right.correct
    left.count += right.count
    left.predictions += right.predictions
  }

  /// The mean cross-entropy; NaN of no images.
  public var loss: Double { lossSum / Double(count) }
  /// The fraction of images classified rightly; 0 of no images.
  public var accuracy: Double { count == 0 ? 0 : Double(correct) / Double(count) }
}
