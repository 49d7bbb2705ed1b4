import Common
import Weights

/// A network at one resolution that classifies images, normalizing with its running statistics.
///
/// Not for use from two threads at once. Results depend on the calls alone.
package protocol Predictor: AnyObject {
  var resolution: Int { get }

  var batchSize: Int { get }

  /// The memory that it takes on the engine's device.
  var memory: MemoryFootprint { get }

  /// Loads parameters and running statistics, as PyTorch's `load_state_dict(strict=True)`.
  ///
  /// Throws where a tensor is missing, unknown, or of another shape or type, naming `source`;
  /// nothing is changed then.
  func loadStateDict(_ tensors: [NamedTensor], from source: String) throws(SweepError)

  /// The logits of a batch, `[count, classes]`.
  func logits(_ batch: ImageBatch) throws(SweepError) -> [Float]

  /// The cross-entropy and the predictions of a batch; nothing is changed.
  func evaluate(_ batch: ImageBatch) throws(SweepError) -> BatchResult

  /// Seconds that one image takes, the median of several runs; nil where that cannot be measured.
  func measureLatency() -> Double?
}

/// A network in training.
package protocol Trainer: Predictor {
  /// One optimizer step; gives the loss and the predictions from before it.
  func step(_ batch: ImageBatch, learningRate: Double) throws(SweepError) -> BatchResult

  /// Parameters and running statistics in the order, layout and names of PyTorch's `state_dict`.
  func stateDict() throws(SweepError) -> [NamedTensor]

  /// The optimizer's state: `optimizer.step`, and `optimizer.SLOT.PARAMETER` for each of its slots
  /// and each parameter that it changes (`optimizer.exp_avg.stem.conv_block.0.weight`).
  func optimizerState() throws(SweepError) -> [NamedTensor]

  /// Loads what `optimizerState` gave; throws where it belongs to another network or optimizer.
  func loadOptimizerState(_ tensors: [NamedTensor], from source: String) throws(SweepError)

  /// Where steps and evaluations add up the time of their parts; nil for nowhere.
  ///
  /// An engine that cannot tell the parts apart ignores it.
  var profile: StepProfile? { get set }

  /// The bytes that a step of `batch` images moves; nil where the engine does not count them.
  func traffic(batch: Int) -> StepTraffic?
}

extension Predictor {
  /// The median of 11 evaluations of one gray image, after two to warm up.
  package func measureLatency() -> Double? {
    let pixels = [Float](repeating: 0.5, count: 3 * resolution * resolution)
    let image = ImageBatch(pixels: pixels, resolution: resolution, labels: [0])
    let clock = ContinuousClock()
    var times: [Double] = []
    for _ in 0..<13 {
      let start = clock.now
      guard (try? evaluate(image)) != nil else { return nil }
      times.append((clock.now - start) / .seconds(1))
    }
    return times.dropFirst(2).sorted()[5]
  }
}
