import Kernels
import Networks
import Testing
import Weights

@testable import CPUEngine

/// `Network.trainingMemory` against the memory that the engine plans.
@Suite struct MemoryEstimateTests {
  /// The estimate counts the feature maps and gradients that are alive at once.
  ///
  /// The engine needs at least that. What it takes beyond the estimate is the gaps between buffers,
  /// at most 0.5 %, and the scratch space of two threads, at most 2 %.
  @Test(arguments: Architecture.names, [(1.0, 224), (0.35, 96)])
  func theEngineTakesTheEstimateAndLittleMore(
    model: String, cell: (width: Double, resolution: Int)
  ) throws {
    let network = try Network.named(model, width: cell.width, classes: 10)
    let estimate = try network.trainingMemory(
      resolution: cell.resolution, batchSize: 192, lanes: lanes)
    let trainer = try CPUTrainer(
      network: network, resolution: cell.resolution, batchSize: 192, threads: 2)
    let images = 192 * cell.resolution * cell.resolution * 3 * 4
    let plan = ExecutionPlan(
      try network.at(resolution: cell.resolution), batch: 192, training: true)
    let expected = Double(estimate.activations + estimate.gradients)
    let buffers = Double(plan.memory.count * 4 + images) / expected
    #expect(buffers >= 1 && buffers < 1.005, "\(buffers)")
    let workspace = Double(trainer.memory.workspace + images) / expected
    #expect(workspace >= buffers && workspace < buffers + 0.02, "\(workspace)")
  }
}
