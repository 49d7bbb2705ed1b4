import Engine
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

@Suite struct TrafficTests {
  private static func unit(
    _ inputs: Int, _ outputs: Int, kernelSize: Int = 1, stride: Int = 1, groups: Int = 1
  ) -> any Operation {
    ConvBNAct(
      convolution: Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernelSize: kernelSize, stride: stride,
        padding: .symmetric(kernelSize / 2), groups: groups),
      convolutionName: "conv", batchNorm: BatchNorm2d(), batchNormName: "norm",
      activation: ReLU6())
  }

  /// Two images of 8 × 8 through a stem, a depthwise and a pointwise unit, a residual connection, a
  /// strided shortcut.
  private static func network() throws -> Network {
    try Network(
      name: "small", width: 1, classes: 3,
      nodes: [
        .init(unit(3, 8, kernelSize: 3, stride: 2), inputs: [0], name: "stem"),
        .init(unit(8, 8, kernelSize: 3, groups: 8), inputs: [1], name: "depthwise"),
        .init(unit(8, 8), inputs: [2], name: "pointwise"),
        .init(Add(), inputs: [3, 1], name: "add"),
        .init(unit(8, 16, stride: 2), inputs: [4], name: "strided"),
        .init(GlobalAveragePool(), inputs: [5], name: "pool"),
        .init(
          Linear(inputFeatures: 16, outputFeatures: 3, name: "fc"), inputs: [6], name: "fc"),
      ])
  }

  private static let images = 2 * 8 * 8 * 3 * 4
  /// A map of 4 × 4 × 8, and the one of 2 × 2 × 16 behind the stride.
  private static let (map, small) = (2 * 4 * 4 * 8 * 4, 2 * 2 * 2 * 16 * 4)
  private static let (mean, logits) = (2 * 16 * 4, 2 * 8 * 4)
  private static let (stem, depthwise, pointwise) = (27 * 8 * 4, 9 * 8 * 4, 8 * 8 * 4)
  private static let (strided, linear) = (8 * 16 * 4, 16 * 8 * 4)

  private static let passes = [
    (0, images + stem + map, 2 * map + images + stem),
    // Both gradients of the stem's output meet in the depthwise unit, its first reader.
    (1, map + depthwise + map, 2 * map + map + 2 * depthwise + map + map),
    (2, map + pointwise + map, 2 * map + map + 2 * pointwise + map),
    // One input takes the sum's gradient over in place and normalizes it; the other one's waits
    // there.
    (3, 3 * map, 3 * map),
    // A quarter of the input is read; its gradient is cleared, added to at that quarter, and
    // finished in a further pass.
    (4, map / 4 + strided + small, 2 * small + map / 4 + 2 * strided + map + map / 2 + 3 * map),
    (5, small + mean, mean + 2 * small),
    (6, mean + linear + logits, logits + mean + 2 * linear + mean),
  ]

  @Test("The bytes of each layer are those its kernel is documented to move", arguments: passes)
  func bytes(node: Int, forward: Int, backward: Int) throws {
    let network = try Self.network()
    let plan = ExecutionPlan(try network.at(resolution: 8), batch: 4, training: true)
    let layer = network.nodes[node]
    #expect(plan.forwardBytes(node, layer, batch: 2) == forward)
    #expect(plan.backwardBytes(node, layer, batch: 2) == backward)
  }

  @Test("A step's bytes are those of its layers, of packing the weights and of the optimizer")
  func step() throws {
    let trainer = try CPUTrainer(
      network: Self.network(), resolution: 8, batchSize: 4, threads: 1)
    let traffic = try #require(trainer.traffic(batch: 2))
    let dense = Self.stem + Self.pointwise + Self.strided + Self.linear
    // γ and β of four units, a bias of 3 that is padded to 8.
    let parameters = (dense + Self.depthwise) / 4 + 2 * (8 + 8 + 8 + 16) + 8
    let layers = Self.passes.map { $0.1 + $0.2 }.reduce(0, +)
    #expect(traffic.step == layers + 4 * dense + 28 * parameters)
    #expect(traffic.evaluation == Self.passes.map { $0.1 }.reduce(0, +))
  }

  /// Two images of 8 × 8 through squeeze-and-excitation, a 3×3 layer amid the network and dropout.
  private static func gated() throws -> Network {
    try Network(
      name: "gated", width: 1, classes: 3,
      nodes: [
        .init(unit(3, 8, kernelSize: 3, stride: 2), inputs: [0], name: "stem"),
        .init(GlobalAveragePool(), inputs: [1], name: "squeeze"),
        .init(
          Linear(inputFeatures: 8, outputFeatures: 8, name: "gate"), inputs: [2],
          name: "gate"),
        .init(Multiply(), inputs: [1, 3], name: "scale"),
        .init(unit(8, 16, kernelSize: 3, stride: 2), inputs: [4], name: "square"),
        .init(GlobalAveragePool(), inputs: [5], name: "pool"),
        .init(Dropout(0.5), inputs: [6], name: "dropout"),
        .init(
          Linear(inputFeatures: 16, outputFeatures: 3, name: "fc"), inputs: [7], name: "fc"),
      ])
  }

  private static let gate = 2 * 8 * 4
  private static let square = 72 * 16 * 4

  private static let gatedPasses = [
    // The pool is the map's last reader backward: it adds to what the product has left.
    (1, map + gate, gate + 3 * map),
    // The map's gradient takes the place of the product's; the gate's is written, then read,
    // finished and written.
    (3, map + gate + map, map + gate + 2 * map + 4 * gate),
    // The gradient is formed twice, the input's is cleared, added to and finished.
    (
      4, map + square + small,
      2 * small + square + map + square + 2 * small + map + 2 * map + 3 * map
    ),
    (6, 4 * mean, mean + mean + 2 * mean),
  ]

  @Test("The bytes of gates, k×k layers and dropout are those documented", arguments: gatedPasses)
  func gatedBytes(node: Int, forward: Int, backward: Int) throws {
    let network = try Self.gated().at(resolution: 8)
    let plan = ExecutionPlan(network, batch: 4, training: true)
    let layer = network.network.nodes[node]
    #expect(plan.forwardBytes(node, layer, batch: 2) == forward)
    #expect(plan.backwardBytes(node, layer, batch: 2) == backward)
    let evaluation = ExecutionPlan(network, batch: 4, training: false)
    #expect(evaluation.forwardBytes(node, layer, batch: 2) == (node == 6 ? 0 : forward))
  }
}
