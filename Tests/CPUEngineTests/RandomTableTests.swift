import Common
import Engine
import Kernels
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

/// Tables made at random: each is refused with its row, or runs as the definitions say.
@Suite struct RandomTableTests {
  private static let batch = 4

  @Test("A random table is refused with its row, or its gradients are right", arguments: 0..<40)
  func tables(group: Int) throws {
    var ran = 0
    for seed in group * 10..<(group + 1) * 10 {
      let table = RandomTable(seed: UInt64(seed))
      let sized: SizedNetwork
      do throws(SweepError) {
        let field = try JSONField(parsing: Array(table.text.utf8), file: "t.json")
        sized = try Architecture(own: field).network(width: table.width, classes: 3)
          .at(resolution: table.resolution)
      } catch {
        let named = error.description.firstMatch(of: /t\.json:\d+: (stage \d|stem|tail|head)/)
        #expect(named != nil, "\(error)")
        continue
      }
      try check(sized, seed: seed, table.text)
      ran += 1
    }
    #expect(ran > 0)
  }

  /// Compares a training step and an evaluation with the reference.
  private func check(_ sized: SizedNetwork, seed: Int, _ table: String) throws {
    let trainer = try CPUTrainer(
      TrainingJob(sized.network, resolution: sized.resolution, batchSize: Self.batch),
      teams: Teams(threads: 2))
    let state = sized.network.parameters.map { spec in
      NamedTensor(
        name: spec.name, shape: spec.shape,
        values: spec.kind == .batchesTracked
          ? .int64([0]) : .float32(referenceTensor(name: spec.name, shape: spec.shape)))
    }
    try trainer.loadStateDict(state, from: "state")
    trainer.fillWorkspace(with: .nan)
    let batch = TestBatch(
      count: Self.batch, resolution: sized.resolution, classes: 3, seed: UInt32(seed))
    let images = ImageBatch(
      pixels: batch.pixels, resolution: sized.resolution, labels: batch.labels)
    let evaluation = ReferenceNetwork(
      sized, state: state, pixels: batch.pixels, labels: batch.labels, training: false)
    let logits = trainer.logits(images)
    let scale = evaluation.logits.reduce(1e-3) { max($0, abs($1)) }
    for (value, expected) in zip(logits, evaluation.logits) {
      #expect(abs(Double(value) - expected) <= 1e-4 * scale, "seed \(seed): \(table)")
    }
    trainer.fillWorkspace(with: .nan)
    let step = ReferenceNetwork(sized, state: state, pixels: batch.pixels, labels: batch.labels)
    let result = trainer.computeGradients(images)
    #expect(abs(result.lossSum - step.loss) <= 1e-3 * abs(step.loss), "seed \(seed): \(table)")
    let worst = gradientError(trainer.gradients(), step.gradients, floor: 0.01)
    // Of almost equal values float32 cannot take the variance.
    let tolerance = max(1e-2, 1e-4 * step.condition)
    #expect(
      worst.error <= tolerance,
      "seed \(seed), \(worst), condition \(step.condition): \(table) \(sized.resolution)")
  }
}

extension CPUTrainer {
  /// Fills the memory of a step, so that a value that is read before it is written is noticed.
  func fillWorkspace(with value: Float) {
    let bytes = workspaceBytes
    let memory = workspace.reserve(bytes).assumingMemoryBound(to: Float.self)
    memory.update(repeating: value, count: bytes / 4)
  }
}
