import Engine
import Networks

@testable import CPUEngine
@testable import Weights

/// A small network with every kind of layer: a bare biased stem, a k×k layer amid the network,
/// "same" padding, squeeze-and-excitation, a sum, hidden linear layers, dropout.
enum MixedNetwork {
  static let dropoutNode = nodes(dropout: 0.3).count - 2
  /// Features that dropout chooses among.
  static let features = 200

  static func make(dropout: Float?) throws -> Network {
    try Network(name: "mixed", width: 1, classes: 5, nodes: nodes(dropout: dropout))
  }

  /// A trainer with initial weights, hidden layers and biases that matter.
  static func trainer(
    dropout: Float?, resolution: Int = 17, batchSize: Int = 6, threads: Int = 2
  ) throws -> CPUTrainer {
    let network = try make(dropout: dropout)
    let trainer = try CPUTrainer(
      network: network, resolution: resolution, batchSize: batchSize,
      threads: threads)
    let state = network.parameters.map { spec in
      let values = referenceTensor(name: spec.name, shape: spec.shape)
      return NamedTensor(
        name: spec.name, shape: spec.shape,
        values: spec.kind == .batchesTracked ? .int64([0]) : .float32(values))
    }
    try trainer.loadStateDict(state, from: "weights by formula")
    return trainer
  }

  private static func nodes(dropout: Float?) -> [Network.Node] {
    var nodes: [Network.Node] = []
    func append(_ operation: any Operation, _ name: String, _ inputs: [Int]? = nil) {
      nodes.append(.init(operation, inputs: inputs ?? [nodes.count], name: name))
    }
    func unit(
      _ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int, stride: Int = 1,
      padding: Padding, groups: Int = 1, bias: Bool = true, normalized: Bool = true,
      _ activation: any Activation
    ) {
      append(
        ConvBNAct(
          convolution: Conv2d(
            inputChannels: inputs, outputChannels: outputs, kernelSize: kernel, stride: stride,
            padding: padding, groups: groups, bias: bias), convolutionName: "\(name).conv",
          batchNorm: normalized ? BatchNorm2d(epsilon: 1e-3, momentum: 0.01) : nil,
          batchNormName: "\(name).norm", activation: activation), name)
    }
    func linear(_ name: String, _ inputs: Int, _ outputs: Int, _ activation: any Activation) {
      append(
        Linear(
          inputFeatures: inputs, outputFeatures: outputs, name: name, activation: activation),
        name)
    }
    // Value 1, 9×9×5: nothing but a bias.
    unit("stem", 3, 5, 3, stride: 2, padding: .same, normalized: false, Identity())
    // Value 2, 5×5×12.
    unit("wide", 5, 12, 3, stride: 2, padding: .same, HardSwish())
    // Value 3, read by the pool and the scale.
    unit("depthwise", 12, 12, 5, padding: .same, groups: 12, bias: false, HardSwish())
    append(GlobalAveragePool(), "squeeze")
    linear("reduce", 12, 3, ReLU())
    linear("expand", 3, 12, HardSigmoid())
    append(Multiply(), "scale", [3, 6])
    unit("project", 12, 12, 1, padding: .symmetric(0), Identity())
    append(Add(), "add", [8, 2])
    // Value 10: a k×k layer that is one of a sum's two readers' only one.
    unit("square", 12, 9, 3, padding: .symmetric(1), LeakyReLU(slope: 0.01))
    append(GlobalAveragePool(), "pool")
    linear("hidden", 9, features, HardSwish())
    if let dropout { append(Dropout(dropout), "dropout") }
    linear("classes", features, 5, Identity())
    return nodes
  }
}
