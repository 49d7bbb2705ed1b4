import CPUEngine
import Common
import Engine
import Foundation
import Weights

@testable import Networks

/// A table's way to the kernels: a training step and an evaluation of the network that it describes.
enum NetworkStep {
  private static let batch = 2

  /// Trains on one batch of tiny images if the bytes are a table, at width 1 or, where that is too
  /// large, at 1/8.
  static func run(_ data: Data) {
    guard let field = try? JSONField(parsing: Array(data), file: "f.json"),
      let architecture = try? Architecture(table: field)
    else { return }
    for width in [1, 0.125] {
      guard let network = try? architecture.network(width: width, classes: 3) else { continue }
      if step(network, resolution: 1 + data.count % 16) { return }
    }
  }

  /// Makes a step and an evaluation; false where the network is too large for that.
  private static func step(_ network: Network, resolution: Int) -> Bool {
    let engine = CPUEngine(threads: 1)
    let job = TrainingJob(network, resolution: resolution, batchSize: batch)
    guard network.nodes.count < 200,
      let cost = try? network.cost(resolution: resolution), cost.params < 1 << 18,
      cost.macs < 1 << 22,
      let memory = try? engine.memory(of: job), memory.total < 1 << 26,
      let trainer = try? engine.trainer(for: job)
    else { return false }
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
    return true
  }
}
