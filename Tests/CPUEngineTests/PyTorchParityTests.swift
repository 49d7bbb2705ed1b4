import Engine
import Foundation
import Networks
import Testing
import Weights

@testable import CPUEngine

/// The engine against PyTorch in double precision, for every model at widths 0.35 and 1.0.
///
/// The tolerance is three times the error of PyTorch's own float32, with a floor: 1e-5 of the
/// largest logit or of the loss, 1e-3 of each gradient's norm.
@Suite struct PyTorchParityTests {
  @Test(arguments: ReferenceCase.all, [0, 1])
  func lossAndEveryGradientAgree(model: ReferenceCase, batch: Int) throws {
    let reference = try PyTorchReference(model)
    let count = model.batches[batch]
    let trainer = try reference.trainer()
    let result = try trainer.computeGradients(
      pixels: reference.images(count), labels: reference.labels(count))
    let loss = try reference.scalar("batch\(count).loss")
    let lossError = try reference.scalar("batch\(count).loss_error")
    #expect(abs(result.lossSum / Double(count) - loss) <= max(3 * lossError, 1e-5 * loss))

    let gradients = trainer.gradients()
    let expected = try reference.compared("batch\(count).gradient")
    #expect(gradients.count == expected.count)
    for (gradient, expected) in zip(gradients, expected) {
      let values = try #require(gradient.floats)
      let deviation = expected.deviation(name: gradient.name, values: values)
      #expect(deviation <= expected.allowed, "\(gradient.name): norm \(expected.norm)")
      if !expected.isZero {
        let wrong = Self.wrong(values, by: 0.05, name: gradient.name)
        let deviation = expected.deviation(name: gradient.name, values: wrong)
        #expect(deviation > 10 * expected.allowed, "\(gradient.name) could be wrong unseen")
      }
    }
  }

  /// A gradient with an error orthogonal to it, whose norm is the fraction `size` of its own.
  private static func wrong(_ gradient: [Float], by size: Double, name: String) -> [Double] {
    let gradient = gradient.map(Double.init)
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let noise = noise(name, count: gradient.count)
    let along = dot(noise, gradient) / dot(gradient, gradient)
    let error = zip(noise, gradient).map { $0 - along * $1 }
    let scale = size * (dot(gradient, gradient) / dot(error, error)).squareRoot()
    return zip(gradient, error).map { $0 + scale * $1 }
  }

  @Test(arguments: ReferenceCase.all)
  func runningStatisticsAgreeAfterOneBatch(model: ReferenceCase) throws {
    let reference = try PyTorchReference(model)
    let trainer = try reference.trainer()
    let count = reference.batchSize
    _ = try trainer.computeGradients(
      pixels: reference.images(count), labels: reference.labels(count))
    let statistics = trainer.stateDict().filter { $0.name.contains(".running_") }
    let expected = try reference.compared("running")
    #expect(statistics.count == expected.count)
    for (tensor, expected) in zip(statistics, expected) {
      let deviation = expected.deviation(
        name: tensor.name, values: try #require(tensor.floats))
      #expect(deviation <= max(3 * expected.error, 1e-5 * expected.norm), "\(tensor.name)")
    }
  }

  @Test(arguments: ReferenceCase.all, [("evaluation", 0), ("evaluation", 1), ("single", 0)])
  func evaluationLogitsAgree(model: ReferenceCase, batch: (kind: String, number: Int)) throws {
    let reference = try PyTorchReference(model)
    let stored = model.batches[batch.number]
    let logits = try reference.trainer().logits(
      pixels: reference.images(stored), count: batch.kind == "single" ? 1 : stored)
    let key = "batch\(stored).\(batch.kind)_logits"
    let expected = try reference[key]
    let scale = expected.reduce(0) { max($0, Double(abs($1))) }
    let allowed = max(3 * (try reference.scalar("\(key)_error")), 1e-5 * scale)
    #expect(logits.count == expected.count)
    for (logit, expected) in zip(logits, expected) {
      #expect(abs(Double(logit) - Double(expected)) <= allowed)
    }
  }

  /// The tolerance is 1e-3, or twice the largest difference between PyTorch's own float32 and float64
  /// up to the same step: an activation that rounding moves across its kink changes all later
  /// losses, in PyTorch as here.
  @Test(arguments: ReferenceCase.all, ["0.001", "1e-05"])
  func tenLossesOfTrainingAgree(model: ReferenceCase, rate: String) throws {
    let reference = try PyTorchReference(model)
    let exact = try reference["losses.\(rate).float64"]
    let rounded = try reference["losses.\(rate).float32"]
    let trainer = try reference.trainer()
    let count = reference.batchSize
    let (images, labels) = (try reference.images(count), reference.labels(count))
    var spread = 0.0
    for step in exact.indices {
      let result = trainer.step(
        pixels: images, labels: labels, learningRate: try #require(Double(rate)))
      for run in stride(from: step, to: rounded.count, by: exact.count) {
        spread = max(spread, Double(abs(rounded[run] - exact[step])))
      }
      let error = abs(result.lossSum / Double(count) - Double(exact[step]))
      #expect(error <= max(1e-3, 2 * spread), "step \(step)")
    }
  }
}
