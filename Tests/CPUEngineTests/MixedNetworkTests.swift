import Engine
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

@Suite struct MixedNetworkTests {
  private static let keys = SampleKeys(seed: 3, epoch: 2, samples: [5, 0, 9, 1, 7, 30])

  /// The largest error of a gradient that passes: rounding, and activations near their kinks.
  private static let tolerance = 1e-3

  private func reference(_ trainer: CPUTrainer, _ batch: TestBatch) throws -> ReferenceNetwork {
    let mask = try self.mask(Self.keys, resolution: trainer.resolution)
    return ReferenceNetwork(
      try trainer.network.at(resolution: trainer.resolution), state: trainer.stateDict(),
      pixels: batch.pixels, labels: batch.labels,
      masks: [MixedNetwork.dropoutNode: mask.flatMap { $0 }])
  }

  @Test("The loss and every gradient are those of the definition", arguments: [16, 17])
  func gradients(resolution: Int) throws {
    let trainer = try MixedNetwork.trainer(dropout: 0.3, resolution: resolution)
    let batch = TestBatch(count: 6, resolution: resolution, classes: 5)
    let reference = try reference(trainer, batch)
    let result = trainer.computeGradients(
      pixels: batch.pixels, labels: batch.labels, keys: Self.keys)
    #expect(abs(result.lossSum - reference.loss) < 1e-5 * reference.loss)
    let worst = gradientError(trainer.gradients(), reference.gradients)
    #expect(worst.error < Self.tolerance, "\(worst)")
  }

  /// An error at a right angle to a gradient hardly changes the loss's slope along it, so only a
  /// comparison of all elements notices it.
  @Test("An error of 5 % in any tensor's gradient is noticed, whatever its direction")
  func sensitivity() throws {
    let trainer = try MixedNetwork.trainer(dropout: 0.3)
    let batch = TestBatch(count: 6, resolution: 17, classes: 5)
    let reference = try reference(trainer, batch)
    _ = trainer.computeGradients(pixels: batch.pixels, labels: batch.labels, keys: Self.keys)
    let gradients = trainer.gradients()
    for (place, gradient) in gradients.enumerated() {
      let values = try #require(gradient.floats).map(Double.init)
      let square = values.reduce(0) { $0 + $1 * $1 }
      guard square > 0, values.count > 1 else { continue }
      // A fixed direction less its part along the gradient.
      var numbers = values.indices.map { Double(($0 * 7 + 3) % 11) - 5 }
      let along = zip(numbers, values).reduce(0) { $0 + $1.0 * $1.1 } / square
      for index in numbers.indices { numbers[index] -= along * values[index] }
      let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let factor = 0.05 * square.squareRoot() / length
      var wrong = gradients
      wrong[place].values = .float32(
        zip(values, numbers).map { Float($0 + factor * $1) })
      let worst = gradientError(wrong, reference.gradients)
      #expect(worst.error > Self.tolerance && worst.tensor == gradient.name, "\(gradient.name)")
    }
  }

  @Test("A bias before a batch normalization has no gradient, any other has one")
  func biases() throws {
    let trainer = try MixedNetwork.trainer(dropout: nil)
    let batch = TestBatch(count: 6, resolution: 17, classes: 5)
    _ = trainer.computeGradients(pixels: batch.pixels, labels: batch.labels)
    for gradient in trainer.gradients() where gradient.name.hasSuffix(".bias") {
      let values = try #require(gradient.floats)
      let isCanceled = ["wide.conv.bias", "project.conv.bias", "square.conv.bias"]
        .contains(gradient.name)
      #expect(values.allSatisfy { $0 == 0 } == isCanceled, "\(gradient.name)")
    }
  }

  @Test("The number of threads does not change a bit of any kind of layer", arguments: [2, 3, 5])
  func threads(_ threads: Int) throws {
    let (one, many) = (
      try MixedNetwork.trainer(dropout: 0.3, threads: 1),
      try MixedNetwork.trainer(dropout: 0.3, threads: threads)
    )
    #expect(train(one, epoch: 0..<2) == train(many, epoch: 0..<2))
    #expect(one.stateDict() == many.stateDict())
  }

  @Test("In evaluation dropout is not there")
  func evaluation() throws {
    let (with, without) = (
      try MixedNetwork.trainer(dropout: 0.3), try MixedNetwork.trainer(dropout: nil)
    )
    let batch = TestBatch(count: 6, resolution: 17, classes: 5)
    #expect(
      with.logits(pixels: batch.pixels, count: 6) == without.logits(pixels: batch.pixels, count: 6))
  }

  @Test("Dropout with probability 0 changes nothing")
  func probabilityZero() throws {
    let (with, without) = (
      try MixedNetwork.trainer(dropout: 0), try MixedNetwork.trainer(dropout: nil)
    )
    #expect(train(with, epoch: 0..<1) == train(without, epoch: 0..<1))
  }

  @Test("Dropout drops that share of the features and scales the others by what is left")
  func statistics() throws {
    let mask = try self.mask(Self.keys)
    let values = mask.flatMap { $0 }
    let kept = values.filter { $0 != 0 }
    #expect(kept.allSatisfy { $0 == Float(1 / (1 - Double(Float(0.3)))) })
    // Four standard deviations of 1200 draws.
    #expect(abs(Double(kept.count) / Double(values.count) - 0.7) < 0.053)
  }

  @Test("What is dropped of a sample depends on seed, epoch and sample, not on its batch")
  func masks() throws {
    let mask = try self.mask(Self.keys)
    #expect(Set(mask).count == 6)
    for (row, sample) in Self.keys.samples.enumerated() {
      #expect(try self.mask(SampleKeys(seed: 3, epoch: 2, samples: [40, sample]))[1] == mask[row])
    }
    let same = Self.keys.samples
    #expect(try self.mask(SampleKeys(seed: 3, epoch: 3, samples: same)) != mask)
    #expect(try self.mask(SampleKeys(seed: 4, epoch: 2, samples: same)) != mask)
    #expect(try self.mask(Self.keys, threads: 1) == mask)
    #expect(try self.mask(Self.keys, threads: 5) == mask)
  }

  @Test("A run that goes on within an epoch drops what it would have dropped")
  func resume() throws {
    let straight = try MixedNetwork.trainer(dropout: 0.3)
    let first = train(straight, epoch: 0..<1)
    let resumed = try MixedNetwork.trainer(dropout: 0.3)
    #expect(train(resumed, epoch: 0..<1) == first)
    let later = try MixedNetwork.trainer(dropout: 0.3)
    try later.loadStateDict(straight.stateDict(), from: "state")
    try later.loadOptimizerState(straight.optimizerState(), from: "state")
    #expect(train(straight, epoch: 1..<3) == train(later, epoch: 1..<3))
    #expect(straight.stateDict() == later.stateDict())
  }

  /// A step an epoch.
  private func train(_ trainer: CPUTrainer, epoch: Range<Int>) -> [BatchResult] {
    epoch.map { epoch in
      let batch = TestBatch(count: 6, resolution: 17, classes: 5, seed: UInt32(epoch))
      return trainer.step(
        pixels: batch.pixels, labels: batch.labels, learningRate: 1e-3,
        keys: SampleKeys(seed: 1, epoch: epoch, samples: Array(0..<6)))
    }
  }

  /// The rows of dropout's mask in a step.
  private func mask(
    _ keys: SampleKeys, resolution: Int = 17, threads: Int = 2
  ) throws -> [[Float]] {
    let trainer = try MixedNetwork.trainer(
      dropout: 0.3, resolution: resolution, threads: threads)
    let batch = TestBatch(count: keys.samples.count, resolution: resolution)
    return try batch.pixels.withUnsafeBufferPointer { pixels in
      let step = Step(
        trainer, trainer.trainingPlan, pixels: try #require(pixels.baseAddress),
        batch: keys.samples.count, training: true, keys: keys)
      step.forward()
      let mask = try #require(step.mask(MixedNetwork.dropoutNode))
      return keys.samples.indices.map { row in
        (0..<MixedNetwork.features).map { mask.data[row * mask.stride + $0] }
      }
    }
  }
}
