import Engine
import Networks
import Testing
import Weights

@testable import CPUEngine

@Suite struct MemoryEstimateTests {
  @Test(arguments: Architecture.names, [(1.0, 224), (0.35, 96)])
  func theEstimateThatUsersSeeIsCloseToWhatTheEngineReserves(
    model: String, cell: (width: Double, resolution: Int)
  ) throws {
    let network = try Network.named(model, width: cell.width, classes: 10)
    let estimate = try network.trainingMemory(resolution: cell.resolution, batchSize: 192)
    let trainer = try CPUTrainer(
      network: network, resolution: cell.resolution, batchSize: 192, threads: 2)
    let images = 192 * cell.resolution * cell.resolution * 3 * 4
    let ratio =
      Double(estimate.activations + estimate.gradients) / Double(trainer.memory.workspace + images)
    #expect(ratio > 0.9 && ratio < 1.1, "\(ratio)")
  }
}
