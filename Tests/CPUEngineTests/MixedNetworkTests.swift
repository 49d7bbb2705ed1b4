import Engine
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

@Suite struct MixedNetworkTests {
  private static let keys = SampleKeys(seed: 3, epoch: 2, samples: [5, 0, 9, 1, 7, 30])

  /// A tensor moved a little along its gradient must change the loss by what the gradient says;
  /// allowed is 2 %, since activations have kinks, and rounding.
  @Test("The loss changes as each tensor's gradient says", arguments: [16, 17])
  func gradients(resolution: Int) throws {
    let trainer = try MixedNetwork.trainer(dropout: 0.3, resolution: resolution)
    let batch = TestBatch(count: 6, resolution: resolution, classes: 5)
    let state = trainer.stateDict()
    func loss(_ state: [NamedTensor]) throws -> Double {
      try trainer.loadStateDict(state, from: "moved")
      return trainer.computeGradients(pixels: batch.pixels, labels: batch.labels, keys: Self.keys)
        .lossSum / 6
    }
    let value = try loss(state)
    let gradients = trainer.gradients()
    for gradient in gradients {
      let direction = try #require(gradient.floats)
      let square = direction.reduce(0) { $0 + Double($1) * Double($1) }
      guard square > 0 else { continue }
      let place = try #require(state.firstIndex { $0.name == gradient.name })
      let weights = try #require(state[place].floats)
      // The weights by 0.01 at most, the loss by a thousandth.
      let step = min(0.01 / square.squareRoot(), 1e-3 * value / square)
      func moved(_ factor: Double) throws -> Double {
        var other = state
        other[place].values = .float32(
          zip(weights, direction).map { Float(Double($0) + factor * Double($1)) })
        return try loss(other)
      }
      let slope = (try moved(step) - moved(-step)) / (2 * step)
      #expect(abs(slope - square) <= 0.02 * square, "\(gradient.name): \(slope), \(square)")
    }
  }

  @Test("A bias before a batch normalisation has no gradient, any other has one")
  func biases() throws {
    let trainer = try MixedNetwork.trainer(dropout: nil)
    let batch = TestBatch(count: 6, resolution: 17, classes: 5)
    _ = trainer.computeGradients(pixels: batch.pixels, labels: batch.labels)
    for gradient in trainer.gradients() where gradient.name.hasSuffix(".bias") {
      let values = try #require(gradient.floats)
      let isCancelled = ["wide.conv.bias", "project.conv.bias", "square.conv.bias"]
        .contains(gradient.name)
      #expect(values.allSatisfy { $0 == 0 } == isCancelled, "\(gradient.name)")
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
  private func mask(_ keys: SampleKeys, threads: Int = 2) throws -> [[Float]] {
    let trainer = try MixedNetwork.trainer(dropout: 0.3, threads: threads)
    let batch = TestBatch(count: keys.samples.count, resolution: 17)
    let plan = try #require(trainer.model.trainingPlan)
    return try batch.pixels.withUnsafeBufferPointer { pixels in
      let pass = Pass(
        trainer.model, plan, pixels: try #require(pixels.baseAddress),
        batch: keys.samples.count, training: true, keys: keys)
      pass.forward()
      let mask = try #require(pass.mask(MixedNetwork.dropoutNode))
      return keys.samples.indices.map { row in
        (0..<MixedNetwork.features).map { mask.data[row * mask.stride + $0] }
      }
    }
  }
}
