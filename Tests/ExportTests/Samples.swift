import Common
import Networks
import Weights

/// A state as training leaves it: running statistics, γ, β and biases that do something.
func trainedLike(_ network: Network) -> [NamedTensor] {
  InitialWeights.make(for: network, seed: 1).enumerated().map { index, tensor in
    var random = CounterRandom(seed: 2, purpose: .weights, sample: UInt32(index))
    var tensor = tensor
    let isVector = tensor.shape.count == 1
    let isLinear = tensor.shape.count == 2
    if let floats = tensor.floats, isVector || isLinear {
      tensor.values = .float32(
        floats.map { value in
          let noise = Float(random.uniform(in: -0.25...0.25))
          return isVector ? value + noise : 10 * value + noise
        })
    }
    return tensor
  }
}

/// A network with every operation and padding that there is, for images of any size.
func everyOperation() throws -> Network {
  func unit(
    _ name: String, _ input: Int, _ output: Int, kernel: Int = 1, stride: Int = 1,
    padding: Padding = .symmetric(0), groups: Int = 1, bias: Bool = false, norm: Bool = true,
    _ activation: any Activation
  ) -> any Operation {
    ConvBNAct(
      convolution: Conv2d(
        inputChannels: input, outputChannels: output, kernelSize: kernel, stride: stride,
        padding: padding, groups: groups, bias: bias),
      convolutionName: "\(name).0", batchNorm: norm ? BatchNorm2d(epsilon: 1e-3) : nil,
      batchNormName: "\(name).1", activation: activation)
  }
  return try Network(
    name: "every", width: 1, classes: 4,
    nodes: [
      .init(
        unit("stem", 3, 8, kernel: 3, stride: 2, padding: .same, bias: true, HardSwish()),
        inputs: [0], name: "stem"),
      .init(
        unit("depthwise", 8, 8, kernel: 5, stride: 2, padding: .same, groups: 8, ReLU()),
        inputs: [1], name: "depthwise"),
      .init(GlobalAveragePool(), inputs: [2], name: "gate.pool"),
      .init(
        Linear(inputFeatures: 8, outputFeatures: 3, name: "gate.fc1", activation: ReLU()),
        inputs: [3], name: "gate.fc1"),
      .init(
        Linear(inputFeatures: 3, outputFeatures: 8, name: "gate.fc2", activation: HardSigmoid()),
        inputs: [4], name: "gate.fc2"),
      .init(Multiply(), inputs: [2, 5], name: "gate"),
      .init(
        unit("project", 8, 6, bias: true, norm: false, Identity()), inputs: [6], name: "project"),
      .init(
        unit("dense", 6, 6, kernel: 3, padding: .symmetric(1), ReLU6()), inputs: [7], name: "dense"),
      .init(Add(activation: LeakyReLU()), inputs: [8, 7], name: "add"),
      .init(
        MaxPool2d(kernelSize: 3, stride: 2, padding: .same), inputs: [9], name: "max"),
      .init(unit("smooth", 6, 6, SiLU()), inputs: [10], name: "smooth"),
      .init(GlobalAveragePool(), inputs: [11], name: "pool"),
      .init(
        Linear(inputFeatures: 6, outputFeatures: 5, name: "fc1", activation: HardSwish()),
        inputs: [12], name: "fc1"),
      .init(Dropout(0.2), inputs: [13], name: "dropout"),
      .init(
        Linear(inputFeatures: 5, outputFeatures: 4, name: "fc2"), inputs: [14], name: "fc2"
      ),
    ])
}
