import CPUEngine
import Common
import Engine
import Foundation
import Networks
import Weights

/// A table's way to the kernels: a training step and an evaluation of the network that it describes.
enum NetworkStep {
  private static let batch = 2
  private static let engine = CPUEngine(threads: 1)

  /// Trains on one batch of tiny images if the bytes are a table of a network that is not too large.
  static func run(_ data: Data) {
    let resolution = 1 + data.count % 16
    guard
      let field = try? JSONField(parsing: Array(data), file: "f.json"),
      let network = try? Architecture(own: field).network(width: 1, classes: 3),
      network.nodes.count < 200,
      let cost = try? network.cost(resolution: resolution), cost.params < 1 << 18,
      cost.macs < 1 << 22,
      let memory = try? engine.memory(
        of: TrainingJob(network, resolution: resolution, batchSize: batch)),
      memory.total < 1 << 26,
      let trainer = try? engine.trainer(
        for: TrainingJob(network, resolution: resolution, batchSize: batch))
    else { return }
    let weights = InitialWeights.make(for: network, seed: 0)
    guard (try? trainer.loadStateDict(weights, from: "initial weights")) != nil else {
      preconditionFailure("initial weights do not fit their network")
    }
    let count = batch * resolution * resolution * 3
    let pixels = (0..<count).map { Float($0 % 17) / 8 - 1 }
    let images = ImageBatch(pixels: pixels, resolution: resolution, labels: [0, 2])
    guard let result = try? trainer.step(images, learningRate: 1e-3),
      let logits = try? trainer.logits(images)
    else { preconditionFailure("a step failed") }
    precondition(result.count == batch && logits.count == 3 * batch)
  }
}
