import Common
import Testing

@testable import Networks

@Suite struct LayerTests {
  /// TensorFlow's rule: an odd zero goes to the bottom and the right; the output is ⌈size / stride⌉.
  @Test(arguments: [
    (224, 3, 2, 0, 1, 112), (225, 3, 2, 1, 1, 113), (7, 3, 1, 1, 1, 7), (14, 5, 2, 1, 2, 7),
    (5, 1, 2, 0, 0, 3), (1, 3, 2, 1, 1, 1), (2, 5, 1, 2, 2, 2),
  ])
  func samePaddingIsTensorFlows(
    size: Int, kernel: Int, stride: Int, before: Int, after: Int, output: Int
  ) throws {
    let pool = MaxPool2d(kernelSize: kernel, stride: stride, padding: .same)
    #expect(pool.zeros(around: size) == (before, after))
    #expect(try pool.extent(of: .image).size(size) == output)
  }

  @Test(arguments: [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (224, 111)])
  func aKernelWithoutPaddingNeedsRoom(size: Int, output: Int) throws {
    let pool = MaxPool2d(kernelSize: 3, stride: 2)
    #expect(try pool.extent(of: .image).size(size) == output)
  }

  /// A biased stem, squeeze-and-excitation written as nodes, dropout, a linear layer.
  private static func gated() throws -> Network {
    try Network(
      name: "gated", width: 1, classes: 5,
      nodes: [
        .init(
          ConvBNAct(
            convolution: Conv2d(
              inputChannels: 3, outputChannels: 8, kernelSize: 3, stride: 2, bias: true),
            convolutionName: "stem", batchNorm: nil, batchNormName: "", activation: HardSwish()),
          inputs: [0], name: "stem"),
        .init(GlobalAveragePool(), inputs: [1], name: "squeeze"),
        .init(
          Linear(inputFeatures: 8, outputFeatures: 2, name: "fc1", activation: ReLU()),
          inputs: [2], name: "fc1"),
        .init(
          Linear(inputFeatures: 2, outputFeatures: 8, name: "fc2", activation: HardSigmoid()),
          inputs: [3], name: "fc2"),
        .init(Multiply(), inputs: [1, 4], name: "scale"),
        .init(GlobalAveragePool(), inputs: [5], name: "pool"),
        .init(Dropout(0.2), inputs: [6], name: "dropout"),
        .init(
          Linear(inputFeatures: 8, outputFeatures: 5, name: "head"), inputs: [7],
          name: "head"),
      ])
  }

  @Test func aGatedNetworkHasItsShapesParametersAndCost() throws {
    let gated = try Self.gated()
    let map = Shape(height: 16, width: 16, channels: 8)
    let vector = Shape(height: 1, width: 1, channels: 8)
    #expect(
      try gated.shapes(resolution: 33).dropFirst() == [
        map, vector, Shape(height: 1, width: 1, channels: 2), vector, map, vector, vector,
        Shape(height: 1, width: 1, channels: 5),
      ])
    #expect(
      gated.parameters.map(\.name) == [
        "stem.weight", "stem.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias",
        "head.weight", "head.bias",
      ])
    let cost = try gated.cost(resolution: 33)
    #expect(cost.params == 27 * 8 + 8 + 8 * 2 + 2 + 2 * 8 + 8 + 8 * 5 + 5)
    #expect(cost.macs == 16 * 16 * 27 * 8 + 8 * 2 + 2 * 8 + 8 * 5)
    #expect(cost.thopMacs == nil)
  }

  @Test func imagesThatAreTooSmallNameTheLayer() throws {
    let gated = try Self.gated()
    let error = #expect(throws: SweepError.self) { try gated.check(resolution: 2) }
    #expect(
      error?.description
        == "resolution 2 leaves stem of gated without pixels; use a higher resolution")
  }
}
