import Engine
import Foundation
import Networks
import Testing
import Weights

@testable import CPUEngine

/// The engine against PyTorch in double precision.
///
/// Allowed is three times what PyTorch's own float32 is off by, with a floor of 1e-5 of the
/// figure's scale (for a gradient: of the norm over all parameters).
@Suite struct PyTorchParityTests {
  static let models = [
    "mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2", "mobilenet_v1_keras", "mobilenet_v2_tf",
    "mobilenet_v3_large", "mobilenet_v3_small", "mobilenet_v3_large-make_divisible",
    "mobilenet_v3_small-make_divisible",
  ]

  @Test(arguments: models, [6, 3])
  func lossAndEveryGradientAgree(model: String, count: Int) throws {
    let reference = try PyTorchReference(model: model)
    let trainer = try reference.trainer()
    let result = try trainer.computeGradients(
      pixels: reference.images(count), labels: reference.labels(count))
    let loss = try reference.scalar("batch\(count).loss")
    let lossError = try reference.scalar("batch\(count).loss_error")
    #expect(abs(result.lossSum / Double(count) - loss) <= max(3 * lossError, 1e-5 * loss))

    let norms = try reference["batch\(count).gradient_norms"]
    let errors = try reference["batch\(count).gradient_errors"]
    let projections = try reference["batch\(count).gradient_projections"]
    let globalNorm = norms.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let gradients = trainer.gradients()
    #expect(gradients.count == norms.count)
    for (index, gradient) in gradients.enumerated() {
      let values = try #require(gradient.floats)
      let computed = referenceProjections(name: gradient.name, values: values)
      let squares = zip(computed, projections[8 * index..<8 * index + 8]).map {
        ($0 - Double($1)) * ($0 - Double($1))
      }
      let error = (squares.reduce(0, +) / 8).squareRoot()
      let allowed = max(3 * Double(errors[index]), 1e-5 * globalNorm)
      #expect(error <= allowed, "\(gradient.name): norm \(norms[index])")
    }
  }

  @Test(arguments: models)
  func runningStatisticsAgreeAfterOneBatch(model: String) throws {
    let reference = try PyTorchReference(model: model)
    let trainer = try reference.trainer()
    _ = try trainer.computeGradients(pixels: reference.images(6), labels: reference.labels(6))
    let allowed = max(3 * (try reference.scalar("running_error")), 1e-5)
    for tensor in trainer.stateDict() where tensor.name.contains(".running_") {
      let expected = try reference["running.\(tensor.name)"]
      for (value, expected) in zip(try #require(tensor.floats), expected) {
        #expect(abs(Double(value) - Double(expected)) <= allowed, "\(tensor.name)")
      }
    }
  }

  @Test(arguments: models, [("evaluation", 6), ("evaluation", 3), ("single", 1)])
  func evaluationLogitsAgree(model: String, batch: (kind: String, count: Int)) throws {
    let reference = try PyTorchReference(model: model)
    let stored = batch.count == 1 ? 6 : batch.count
    let logits = try reference.trainer().logits(
      pixels: reference.images(stored), count: batch.count)
    let key = "batch\(stored).\(batch.kind)_logits"
    let expected = try reference[key]
    let scale = expected.reduce(0) { max($0, Double(abs($1))) }
    let allowed = max(3 * (try reference.scalar("\(key)_error")), 1e-5 * scale)
    #expect(logits.count == expected.count)
    for (logit, expected) in zip(logits, expected) {
      #expect(abs(Double(logit) - Double(expected)) <= allowed)
    }
  }

  /// Allowed is 1e-3, or twice the largest distance of PyTorch's own float32 from its float64 up to
  /// the same step: one activation that rounding moves across its kink moves all later losses,
  /// there as here.
  @Test(arguments: models, ["0.001", "1e-05"])
  func tenLossesOfTrainingAgree(model: String, rate: String) throws {
    let reference = try PyTorchReference(model: model)
    let exact = try reference["losses.\(rate).float64"]
    let rounded = try reference["losses.\(rate).float32"]
    let trainer = try reference.trainer()
    let (images, labels) = (try reference.images(6), reference.labels(6))
    var spread = 0.0
    for step in exact.indices {
      let result = trainer.step(
        pixels: images, labels: labels, learningRate: try #require(Double(rate)))
      for run in stride(from: step, to: rounded.count, by: exact.count) {
        spread = max(spread, Double(abs(rounded[run] - exact[step])))
      }
      let error = abs(result.lossSum / 6 - Double(exact[step]))
      #expect(error <= max(1e-3, 2 * spread), "step \(step)")
    }
  }
}
