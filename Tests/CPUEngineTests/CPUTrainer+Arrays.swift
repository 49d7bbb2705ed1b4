import Common
import Engine
import Networks

@testable import CPUEngine

/// Calls with plain arrays.
extension CPUTrainer {
  convenience init(
    network: Network, resolution: Int, batchSize: Int,
    settings: TrainingSettings = TrainingSettings(), threads: Int = 2,
    workspace: Workspace = Workspace()
  ) throws {
    try self.init(
      TrainingJob(network, resolution: resolution, batchSize: batchSize, settings: settings),
      teams: Teams(threads: threads, workspace: workspace))
  }

  private func batch(
    _ pixels: [Float], _ labels: [Int32], _ keys: SampleKeys? = nil
  ) -> ImageBatch {
    ImageBatch(pixels: pixels, resolution: resolution, labels: labels, keys: keys)
  }

  func step(
    pixels: [Float], labels: [Int32], learningRate: Double, keys: SampleKeys? = nil
  ) -> BatchResult {
    step(batch(pixels, labels, keys), learningRate: learningRate)
  }

  func computeGradients(
    pixels: [Float], labels: [Int32], keys: SampleKeys? = nil
  ) -> BatchResult {
    computeGradients(batch(pixels, labels, keys))
  }

  func evaluate(pixels: [Float], labels: [Int32]) -> BatchResult {
    evaluate(batch(pixels, labels))
  }

  func logits(pixels: [Float], count: Int) -> [Float] {
    logits(batch(pixels, [Int32](repeating: 0, count: count)))
  }
}
