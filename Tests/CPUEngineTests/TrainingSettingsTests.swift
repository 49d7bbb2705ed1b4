import Common
import Engine
import Foundation
import Kernels
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

/// Every training setting against what PyTorch (for `rmsprop_tf`, TensorFlow's formula) makes of
/// the same ten gradients; Tests/reference/make_settings_fixture.py has the constants.
@Suite struct TrainingSettingsTests {
  private let tensors: [String: [Float]]

  init() throws {
    let path = try #require(
      Bundle.module.path(forResource: "Fixtures/settings", ofType: "safetensors"))
    var tensors: [String: [Float]] = [:]
    for tensor in try Safetensors.read(path).tensors { tensors[tensor.name] = tensor.floats }
    self.tensors = tensors
  }

  private func fixture(_ name: String) throws -> [Float] {
    try #require(tensors[name], "no tensor \(name)")
  }

  static let optimizers: [(name: String, settings: any Optimizer)] = [
    ("adam", Adam()),
    (
      "adam_decay",
      Adam(beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1)
    ),
    ("adamw", Adam(weightDecay: 0.01, isDecoupled: true)),
    ("adamw_decay", Adam(epsilon: 1e-4, weightDecay: 0.2, isDecoupled: true)),
    ("sgd", SGD()),
    ("sgd_decay", SGD(weightDecay: 0.1)),
    ("sgd_momentum", SGD(momentum: 0.9, weightDecay: 0.1)),
    ("sgd_dampening", SGD(momentum: 0.9, dampening: 0.3)),
    ("sgd_nesterov", SGD(momentum: 0.9, isNesterov: true, weightDecay: 0.1)),
    ("rmsprop", RMSprop()),
    (
      "rmsprop_momentum",
      RMSprop(alpha: 0.9, epsilon: 1, momentum: 0.9, weightDecay: 0.1)
    ),
    ("rmsprop_centered", RMSprop(alpha: 0.9, isCentered: true)),
    (
      "rmsprop_centered_momentum",
      RMSprop(alpha: 0.9, epsilon: 0.01, momentum: 0.5, isCentered: true)
    ),
    (
      "rmsprop_tf",
      RMSprop(.tensorFlow(initialSquare: 1), alpha: 0.9, epsilon: 1e-10)
    ),
    (
      "rmsprop_tf_one",
      RMSprop(.tensorFlow(initialSquare: 1), alpha: 0.9, epsilon: 1, momentum: 0.9)
    ),
    (
      "rmsprop_tf_keras",
      RMSprop(.tensorFlow(initialSquare: 0), alpha: 0.9, epsilon: 1e-7, momentum: 0.9)
    ),
    ("adam_groups", Adam(weightDecay: WeightDecay(0.1, norm: 0))),
    (
      "adamw_groups",
      Adam(weightDecay: WeightDecay(0.2, norm: 0.05, bias: 0), isDecoupled: true)
    ),
    (
      "sgd_groups",
      SGD(momentum: 0.9, isNesterov: true, weightDecay: WeightDecay(0.1, norm: 0, bias: 0.3))
    ),
    (
      "rmsprop_groups",
      RMSprop(alpha: 0.9, epsilon: 1, momentum: 0.9, weightDecay: WeightDecay(0.1, bias: 0))
    ),
    (
      "rmsprop_tf_centered",
      RMSprop(
        .tensorFlow(initialSquare: 1), alpha: 0.9, epsilon: 0.01, momentum: 0.9, isCentered: true,
        weightDecay: 0.1)
    ),
  ]

  /// A weight, a bias, and γ and β of a normalization, one after the other.
  private static let groups = [
    ParameterGroup(name: "conv.weight", kind: .weight, range: 0..<8),
    ParameterGroup(name: "norm.weight", kind: .batchNormWeight, range: 8..<16),
    ParameterGroup(name: "norm.bias", kind: .batchNormBias, range: 16..<24),
  ]

  private func parallel(threads: Int) -> ParallelFor {
    let pool = ThreadPool(threads: threads)
    return { count, body in pool.run(count) { index, _ in body(index) } }
  }

  @Test("Ten steps of an optimizer are those of its reference", arguments: optimizers)
  func tenSteps(name: String, settings: any Optimizer) throws {
    let count = 24
    let state = OptimizerState(settings, count: count)
    let parameters = FloatBuffer(count: count)
    for (index, value) in try fixture("parameters").enumerated() { parameters.start[index] = value }
    let gradients = try fixture("gradients")
    let expected = try fixture("optimizer.\(name)")
    for step in 0..<10 {
      gradients.withUnsafeBufferPointer { gradients in
        guard let start = gradients.baseAddress else { return }
        settings.update(
          OptimizerStep(
            learningRate: 0.05, number: step + 1, parameters: parameters.start,
            gradients: start + count * step, slots: state.slots.map(\.values.start),
            groups: Self.groups, parallel: parallel(threads: 2)))
      }
      for index in 0..<count {
        let error = abs(parameters.start[index] - expected[count * step + index])
        // The root of a small centered variance magnifies rounding.
        #expect(error <= 2e-5 * max(1, abs(expected[count * step + index])), "step \(step + 1)")
      }
    }
  }

  /// torchvision's `set_weight_decay` puts a bias of a normalization among the biases where these
  /// have a weight decay of their own.
  @Test(
    "Each kind of parameter has the weight decay that torchvision's scripts give it",
    arguments: [
      (WeightDecay(0.1), [0.1, 0.1, 0.1, 0.1]),
      (WeightDecay(0.1, norm: 0), [0.1, 0.1, 0, 0]),
      (WeightDecay(0.1, bias: 0), [0.1, 0, 0.1, 0]),
      (WeightDecay(0.1, norm: 0.2, bias: 0.3), [0.1, 0.3, 0.2, 0.3]),
    ])
  func weightDecay(decay: WeightDecay, expected: [Double]) {
    let kinds: [ParameterSpec.Kind] = [.weight, .bias, .batchNormWeight, .batchNormBias]
    #expect(kinds.map { decay[$0] } == expected)
  }

  @Test("An optimizer's groups are all trained parameters by name, one after the other in memory")
  func groups() throws {
    let network = try Network.named("mobilenet_v3_small", width: 0.35, classes: 10)
    for frozen in [0, network.headStart] {
      let store = ParameterStore(network, training: true)
      let groups = store.groups(fromNode: frozen)
      let trained = network.parameters.filter { $0.isTrainable && $0.node >= frozen }
      #expect(groups.map(\.name) == trained.map(\.name))
      #expect(
        zip(groups, groups.dropFirst()).allSatisfy { $0.range.upperBound == $1.range.lowerBound })
      #expect(groups.last?.range.upperBound == store.trainable.count)
      for (group, spec) in zip(groups, trained) {
        #expect(group.range.count >= spec.count && group.range.count % lanes == 0)
        #expect(
          (group.kind == .bias || group.kind == .batchNormBias) == spec.name.hasSuffix(".bias"))
      }
      #expect(frozen == 0 || groups[0].range.lowerBound > 0)
    }
  }

  @Test(
    "The learning rates of ten steps are those of PyTorch's schedulers",
    arguments: [
      ("exponential", LearningRateSchedule(.decay(gamma: 0.9, every: 1))),
      ("staircase", LearningRateSchedule(.decay(gamma: 0.94, every: 2))),
      ("step", LearningRateSchedule(.decay(gamma: 0.5, every: 3))),
      ("multi_step", LearningRateSchedule(.multiStep(milestones: [2, 5, 6], gamma: 0.1))),
      ("cosine", LearningRateSchedule(.cosine(length: 9, minimum: 0.001))),
      ("linear", LearningRateSchedule(.linear(endFactor: 0.25, length: 6))),
      (
        "warmup",
        LearningRateSchedule(.cosine(length: 6, minimum: 0), warmup: 4, warmupStart: 0.1)
      ),
    ])
  func schedules(name: String, schedule: LearningRateSchedule) throws {
    for (time, expected) in try fixture("schedule.\(name)").enumerated() {
      let rate = schedule.rate(base: 0.05, at: time)
      #expect(abs(rate - Double(expected)) <= 1e-7 * 0.05 + 1e-6 * rate, "time \(time)")
    }
  }

  @Test("Time is counted in epochs or in steps, and lengths with it")
  func units() {
    var schedule = LearningRateSchedule(.decay(gamma: 0.5, every: 3))
    #expect(schedule.rate(base: 1, epoch: 2, step: 7, stepsPerEpoch: 8) == 1)
    #expect(schedule.rate(base: 1, epoch: 3, step: 0, stepsPerEpoch: 8) == 0.5)
    schedule.unit = .step
    #expect(schedule.rate(base: 1, epoch: 0, step: 7, stepsPerEpoch: 8) == 0.25)
    #expect(schedule.rate(base: 1, epoch: 1, step: 1, stepsPerEpoch: 8) == 0.125)
  }

  @Test("A cosine stays at its minimum after its length, and where a rate reaches 0 is found")
  func zeros() {
    let cosine = LearningRateSchedule(.cosine(length: 8, minimum: 0), warmup: 2, warmupStart: 0.1)
    #expect(cosine.rate(base: 1, at: 10) == 0)
    #expect(cosine.rate(base: 1, at: 25) == 0)
    #expect(cosine.firstZero(base: 1, before: 10) == nil)
    #expect(cosine.firstZero(base: 1, before: 30) == 10)
    let bounded = LearningRateSchedule(.cosine(length: 8, minimum: 0.01))
    #expect(bounded.rate(base: 1, at: 100) == 0.01)
    #expect(bounded.firstZero(base: 1, before: 100) == nil)
    let linear = LearningRateSchedule(.linear(endFactor: 0, length: 5))
    #expect(linear.firstZero(base: 1, before: 5) == nil)
    #expect(linear.firstZero(base: 1, before: 6) == 5)
  }

  @Test(
    "Gradients are bounded as PyTorch's two functions bound them",
    arguments: [
      ("norm", GradientClipping.norm(2)), ("norm_above", .norm(1e3)), ("value", .value(0.5)),
    ])
  func clipping(name: String, clipping: GradientClipping) throws {
    var gradients = Array(try fixture("gradients").prefix(24))
    gradients.withUnsafeMutableBufferPointer { gradients in
      guard let start = gradients.baseAddress else { return }
      clipping.apply(to: start, groups: [group(24)], parallel: parallel(threads: 2))
    }
    let expected = try fixture("clipping.\(name)")
    #expect(gradients.count == expected.count)
    for (value, expected) in zip(gradients, expected) {
      #expect(abs(value - expected) <= 1e-6)
    }
  }

  @Test("The norm of many gradients is the same to the bit on any number of threads")
  func norm() {
    let values = TestBatch(count: 4, resolution: 64).pixels
    let norms = [1, 2, 3].map { threads in
      values.withUnsafeBufferPointer { values -> Double in
        guard let start = values.baseAddress else { return 0 }
        return GradientClipping.norm(
          start, groups: [group(values.count)], parallel: parallel(threads: threads))
      }
    }
    #expect(norms[0] == norms[1] && norms[0] == norms[2])
    let expected = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(norms[0] - expected) < 1e-9 * expected)
  }

  @Test("The norm of gradients does not depend on how far their rows are padded")
  func paddedNorm() {
    let values = TestBatch(count: 4, resolution: 64).pixels
    // Three tensors with rows of 11, 20 and 5 elements.
    let shapes = [(rows: 900, columns: 11), (rows: 1500, columns: 20), (rows: 700, columns: 5)]
    let norms = [8, 16, 32].map { multiple -> Double in
      var padded: [Float] = []
      var groups: [ParameterGroup] = []
      var next = 0
      for shape in shapes {
        let stride = (shape.columns + multiple - 1) / multiple * multiple
        groups.append(
          ParameterGroup(
            name: "", kind: .weight, range: padded.count..<padded.count + shape.rows * stride,
            columns: shape.columns, stride: stride))
        for _ in 0..<shape.rows {
          padded += values[next..<next + shape.columns]
          padded += Array(repeating: 0, count: stride - shape.columns)
          next += shape.columns
        }
      }
      return padded.withUnsafeBufferPointer { padded in
        guard let start = padded.baseAddress else { return 0 }
        return GradientClipping.norm(start, groups: groups, parallel: parallel(threads: 2))
      }
    }
    #expect(norms[0] > 1)
    #expect(norms[0] == norms[1] && norms[0] == norms[2])
  }

  private func group(_ count: Int) -> ParameterGroup {
    ParameterGroup(name: "", kind: .weight, range: 0..<count)
  }

  @Test("A gradient that is not a number stays one under every bound")
  func notANumber() {
    for clipping in [GradientClipping.norm(1), .value(1)] {
      var gradients = [Float](repeating: 1, count: lanes)
      gradients[3] = .nan
      gradients.withUnsafeMutableBufferPointer { gradients in
        guard let start = gradients.baseAddress else { return }
        clipping.apply(to: start, groups: [group(lanes)], parallel: parallel(threads: 1))
      }
      #expect(gradients[3].isNaN)
    }
  }

  @Test("Smoothed labels give PyTorch's loss and gradient", arguments: [0.1, 0.5])
  func labelSmoothing(smoothing: Double) throws {
    try checkLoss("smoothing", smoothing: smoothing)
  }

  @Test("Class weights give PyTorch's loss and gradient, smoothed or not", arguments: [0.0, 0.1])
  func classWeights(smoothing: Double) throws {
    try checkLoss(
      "weighted", smoothing: smoothing, weights: try fixture("class_weights").map(Double.init))
  }

  private func checkLoss(_ name: String, smoothing: Double, weights: [Double]? = nil) throws {
    let logits = try fixture("logits")
    var padded = [Float](repeating: 0, count: 4 * 8)
    for index in logits.indices { padded[index / 6 * 8 + index % 6] = logits[index] }
    let bias = [Float](repeating: 0, count: 8)
    var gradient = [Float](repeating: 0, count: 32)
    var sums = [Double](repeating: 0, count: 16)
    let result = CrossEntropy.run(
      logits: padded, bias: bias, classes: 6, stride: 8, labels: [5, 0, 2, 2],
      labelSmoothing: smoothing, weights: weights, gradient: &gradient, sums: &sums)
    let loss = try #require(try fixture("\(name).\(smoothing).loss").first)
    #expect(abs(result.lossSum / 4 - Double(loss)) < 1e-6 * Double(loss))
    for (index, expected) in try fixture("\(name).\(smoothing).gradient").enumerated() {
      #expect(abs(gradient[index / 6 * 8 + index % 6] - expected) < 1e-7)
    }
    for index in 0..<6 {
      let sum = (0..<4).reduce(0) { $0 + gradient[$1 * 8 + index] }
      #expect(abs(Float(sums[index]) - sum) < 1e-6)
    }
  }
}
