import Networks
import Testing

@Suite struct CostTests {
  @Test(arguments: StudyCost.cells)
  func everyCellOfTheStudyCostsWhatPyTorchCounts(cell: StudyCost) throws {
    let network = try Network.named(cell.model, width: cell.width, classes: 10)
    let cost = try network.cost(resolution: cell.resolution)
    #expect(cost == Cost(params: cell.params, macs: cell.macs, thopMacs: cell.thopMacs))
    #expect(cost.flops == 2 * cell.macs)
  }

  @Test func theWholeStudyIsSixtyCellsOfKnownCost() throws {
    var macs = 0
    for cell in StudyCost.cells {
      let network = try Network.named(cell.model, width: cell.width, classes: 10)
      macs += try network.cost(resolution: cell.resolution).macs
    }
    #expect(StudyCost.cells.count == 60)
    #expect(macs == 6_443_870_505)
  }

  @Test(arguments: ThousandClassCost.all)
  func bothRoundingsCostWhatPyTorchCountsWithAThousandClasses(row: ThousandClassCost) throws {
    let network = try Network.named(
      row.model, width: row.width, classes: 1000, rounding: row.rounding)
    let cost = try network.cost(resolution: row.resolution)
    #expect(cost.params == row.params)
    #expect(cost.macs == row.macs)
  }

  @Test func theNodesCostsAddUpToTheNetworks() throws {
    let network = try Network.named("c_mobilenet_v2", width: 0.5, classes: 10)
    let costs = try network.costs(resolution: 128)
    #expect(costs.count == network.nodes.count)
    #expect(costs.first == Cost(params: 16 * 27 + 32, macs: 1_769_472, thopMacs: 2_031_616))
    #expect(costs.last == Cost(params: 6410, macs: 6400, thopMacs: 6400))
    #expect(try costs.reduce(.zero, +) == network.cost(resolution: 128))
  }

  /// By hand: V1's first pointwise unit reads 112 × 112 × 32 and makes 112 × 112 × 64; V2's first
  /// strided depthwise one reads 112 × 112 × 96 and makes 56 × 56 × 96.
  @Test(arguments: [
    ("mobilenet_v1", 4 * 112 * 112 * (32 + 64)),
    ("mobilenet_v2", 4 * (112 * 112 * 96 + 56 * 56 * 96)),
  ])
  func activationsAreThoseAliveAtOnce(model: String, bytes: Int) throws {
    let network = try Network.named(model, width: 1, classes: 10, rounding: .truncate)
    #expect(try network.activationBytes(resolution: 224) == bytes)
  }

  @Test func memoryCountsPaddedChannelsAndGradientsThatLiveTogether() throws {
    func unit(_ inputs: Int, _ outputs: Int) -> any Operation {
      ConvBNAct(
        convolution: Conv2d(inputChannels: inputs, outputChannels: outputs),
        convolutionName: "c", batchNorm: BatchNorm2d(), batchNormName: "b", activation: ReLU6())
    }
    // Channels 5, 9, 5, 5 are padded to 8, 16, 8, 8, the images' are not; a map has 4 × 4 pixels.
    let network = try Network(
      name: "n", width: 1, classes: 2,
      nodes: [
        .init(unit(3, 5), inputs: [0], name: "a"), .init(unit(5, 9), inputs: [1], name: "b"),
        .init(unit(9, 5), inputs: [2], name: "c"),
        .init(Add(), inputs: [3, 1], name: "d"),
        .init(GlobalAveragePool(), inputs: [4], name: "e"),
        .init(Linear(inputFeatures: 5, outputFeatures: 2, name: "f"), inputs: [5], name: "f"),
      ])
    let memory = try network.trainingMemory(resolution: 4, batchSize: 2)
    let perChannel = 4 * 4 * 2 * 4
    let heads = 2 * 4 * (8 + 8)
    #expect(memory.activations == (3 + 8 + 16 + 8 + 8) * perChannel + heads)
    // When c runs backward the gradients of its output, its input and the sum's other input live,
    // and the sum and its gradient are gone; when the sum did, its output's and both inputs'.
    // The features and the logits are gone then, too.
    #expect(memory.gradients == max(8 + 16 + 8 - 8, 8 + 8 + 8) * perChannel - heads)
    #expect(memory.parameters == 16 * (3 * 5 + 5 * 9 + 9 * 5 + 2 * (5 + 9 + 5) + 5 * 2 + 2))
  }
}
