import Common
import Weights

/// A network that classifies images at one resolution, using running statistics.
///
/// Not thread-safe. Results depend only on the calls.
package protocol Predictor: AnyObject {
  var resolution: Int { get }

  var batchSize: Int { get }

  /// Its memory on the engine's device.
  var memory: MemoryFootprint { get }

  /// Loads parameters and running statistics, like PyTorch's `load_state_dict(strict=True)`.
  ///
  /// Throws without changing anything if a tensor is missing, unknown, or has another shape or
  /// type; errors name `source`.
  func loadStateDict(_ tensors: [NamedTensor], from source: String) throws(SweepError)

  /// Lets a team of the engine run the next steps and evaluations; nil for the whole device.
  ///
  /// Throws if the team's memory is too small and the system refuses more.
  func join(team: Int?) throws(SweepError)

  /// The logits of a batch, `[count, classes]`.
  func logits(_ batch: ImageBatch) throws(SweepError) -> [Float]

  /// The cross-entropy and predictions of a batch; changes no state.
  func evaluate(_ batch: ImageBatch) throws(SweepError) -> BatchResult

  /// Seconds per image, the median of several runs; nil if it cannot be measured.
  func measureLatency() -> Double?
}

/// A network in training.
package protocol Trainer: Predictor {
  /// Runs one optimizer step; returns the loss and predictions before it.
  func step(_ batch: ImageBatch, learningRate: Double) throws(SweepError) -> BatchResult

  /// Parameters and running statistics in the order, layout and names of PyTorch's `state_dict`.
  func stateDict() throws(SweepError) -> [NamedTensor]

  /// The optimizer's state: `optimizer.step`, and `optimizer.SLOT.PARAMETER` for each of its slots
  /// and each parameter that it changes (`optimizer.exp_avg.stem.conv_block.0.weight`).
  func optimizerState() throws(SweepError) -> [NamedTensor]

  /// Loads what `optimizerState` returned; throws if it belongs to another network or optimizer.
  func loadOptimizerState(_ tensors: [NamedTensor], from source: String) throws(SweepError)

  /// Collects the times of the parts of steps and evaluations; nil for none.
  ///
  /// Engines that cannot time the parts ignore it.
  var profile: StepProfile? { get set }

  /// Runs a step on one thread and times its tasks; nil if the engine cannot.
  func trace(_ batch: ImageBatch, learningRate: Double) throws(SweepError) -> StepTrace?

  /// The bytes moved by a step of `batch` images; nil if the engine does not count them.
  func traffic(batch: Int) -> StepTraffic?
}

extension Trainer {
  package func trace(_ batch: ImageBatch, learningRate: Double) -> StepTrace? { nil }
}

extension Predictor {
  package func join(team: Int?) {}

  /// The median of 11 evaluations of one gray image, after two warm-ups.
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
