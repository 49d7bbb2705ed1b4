import Common
import Engine
import Foundation
import Kernels
import Networks
import Weights

#if SWEEP_VECTOR_WIDTH_16
  /// The engine with vectors of 16 floats, beside the one with 8.
  package typealias CPUEngine16 = CPUEngine
#endif

package final class CPUEngine: Engine {
  private let teams: Teams
  private var pool: ThreadPool { teams.all.pool }

  package init(threads: Int) {
    teams = Teams(threads: threads)
  }

  package var device: DeviceDescription {
    DeviceDescription(name: Processors.model, threads: pool.threads, vectorBits: lanes * 32)
  }

  /// The memory of its own steps counts as free, because networks use it in turn.
  package var freeMemory: Int? {
    ProcessMemory.available.map { $0 + teams.all.workspace.byteCount }
  }

  package var mostTeams: Int { pool.threads }

  package func divide(into teams: [Int]) { self.teams.divide(into: teams) }

  package func memory(of job: TrainingJob) throws(SweepError) -> MemoryFootprint {
    let parameters = job.network.parameters.reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) }
    // Parameters, gradients, and two packed forms.
    return MemoryFootprint(
      model: (4 + job.settings.optimizer.slots.count) * parameters * MemoryLayout<Float>.stride,
      workspace: StepMemory.byteCount(try ExecutionPlan(training: job), threads: pool.threads))
  }

  /// Throws if the system cannot provide the memory of a step.
  package func trainer(for job: TrainingJob) throws(SweepError) -> any Trainer {
    try CPUTrainer(job, teams: teams)
  }

  /// Throws if the system cannot provide the memory of an evaluation.
  package func predictor(
    for network: Network, resolution: Int, batchSize: Int
  ) throws(SweepError) -> any Predictor {
    let job = TrainingJob(network, resolution: resolution, batchSize: batchSize)
    return try CPUPredictor(job, teams: teams)
  }

  package func measureBarrier() -> Double {
    let runs = 2000
    let times = (0..<5).map { _ in
      let start = ContinuousClock.now
      for _ in 0..<runs { pool.run(pool.threads) { _, _ in } }
      return (ContinuousClock.now - start) / .seconds(runs)
    }
    return times.min() ?? 0
  }

  package func measureLimits() -> MachineLimits {
    MachineLimits(
      flops: PeakMeasurement.flops(on: pool), bandwidth: PeakMeasurement.bandwidth(on: pool))
  }
}
