import Common
import Testing

@testable import Networks

@Suite struct FamilyTests {
  @Test(arguments: FamilyCost.all)
  func everyNetworkOfTheFamilyIsPyTorchsAtEveryWidth(row: FamilyCost) throws {
    let network = try Network.named(
      row.model, width: row.width, classes: 1000, rounding: row.rounding)
    let cost = try network.cost(resolution: row.resolution)
    #expect(cost.params == row.params)
    #expect(cost.macs == row.macs)
    let lines = network.parameters.map { "\($0.name) \($0.shape)\n" }.joined()
    #expect(SHA256.hash(lines.utf8).hasPrefix(row.names))
  }

  @Test(arguments: [
    ("mobilenet_v3_large", 1000, 5_481_198), ("mobilenet_v3_small", 1000, 2_537_238),
    ("mobilenet_v2_tf", 1000, 3_523_048), ("mobilenet_v1_keras", 10, 3_228_106),
    ("mobilenet_v1_pytorch", 10, 3_228_106),
  ])
  func theNetworksHaveThePublishedNumberOfParameters(name: String, classes: Int, params: Int) throws
  {
    let network = try Network.named(name, width: 1, classes: classes)
    #expect(try network.cost(resolution: 224).params == params)
  }

  /// The summary that goes with V3's classes: the shape out of each block at 224 × 224 and its
  /// parameters.
  @Test func largeV3HasThePublishedBlocks() throws {
    let network = try Network.named("mobilenet_v3_large", width: 1, classes: 1000)
    let summary = try NetworkSummary(network, rounding: .truncate, resolution: 224, batchSize: 1)
    let blocks = (0..<15).map { index in
      let layers = summary.layers.filter { $0.block == "bottlenecks.\(index)" }
      let shape = layers.last?.output
      return [
        shape?.channels, shape?.height, layers.reduce(0) { $0 + $1.cost.params },
      ].compactMap { $0 }
    }
    #expect(
      blocks == [
        [16, 112, 464], [24, 56, 3440], [24, 56, 4440], [40, 28, 9458], [40, 28, 20510],
        [40, 28, 20510], [80, 14, 32080], [80, 14, 34760], [80, 14, 31992], [80, 14, 31992],
        [112, 14, 214_424], [112, 14, 386_120], [160, 7, 429_224], [160, 7, 797_360],
        [160, 7, 797_360],
      ])
    let outside = summary.layers.filter { $0.block == nil }
    #expect(
      outside.map(\.name) == ["first_conv", "last_conv", "avgpool", "fc1.0", "fc2.0", "fc2.1"])
    #expect(outside.map(\.cost.params) == [464, 155_520, 0, 1_230_080, 0, 1_281_000])
    #expect(outside.map(\.output.channels) == [16, 960, 960, 1280, 1280, 1000])
  }

  @Test func eachNetworkTrainsAsItsSourceSays() throws {
    func units(_ name: String) throws -> [ConvBNAct] {
      let units = try Network.named(name, width: 1, classes: 10).nodes.compactMap {
        $0.operation as? ConvBNAct
      }
      try #require(!units.isEmpty)
      return units
    }
    let slow = BatchNorm2d(epsilon: 0.001, momentum: 0.01)
    #expect(try units("mobilenet_v3_small").allSatisfy { $0.batchNorm == slow })
    let tensorFlow = try units("mobilenet_v2_tf")
    #expect(tensorFlow.allSatisfy { $0.batchNorm == slow && $0.convolution.bias })
    #expect(tensorFlow.first?.convolution.padding == .symmetric(0))
    #expect(tensorFlow.dropFirst().allSatisfy { $0.convolution.padding == .same })
    let keras = try units("mobilenet_v1_keras")
    #expect(keras.first?.batchNorm == nil)
    #expect(keras.first?.activation is Identity)
    #expect(keras.dropFirst().allSatisfy { $0.batchNorm == slow && $0.activation is ReLU })
    #expect(keras.allSatisfy { $0.convolution.bias && $0.convolution.padding == .same })
    let study = try units("mobilenet_v2")
    #expect(study.allSatisfy { $0.batchNorm == BatchNorm2d() && !$0.convolution.bias })
    let initializers = try Architecture.names.map { try Architecture.named($0).initializer }
    #expect(initializers.count { $0 == .glorotUniform } == 2)
  }

  @Test func anotherDropoutKeepsTheParametersNames() throws {
    for name in Architecture.names {
      let architecture = try Architecture.named(name)
      let plain = try architecture.network(width: 0.5, classes: 10)
      let none = try architecture.network(width: 0.5, classes: 10, dropout: 0)
      let half = try architecture.network(width: 0.5, classes: 10, dropout: 0.5)
      #expect(none.parameters.map(\.name) == plain.parameters.map(\.name))
      #expect(half.parameters.map(\.name) == plain.parameters.map(\.name))
      #expect(!none.nodes.contains { $0.operation is Dropout })
      #expect(half.nodes.contains { ($0.operation as? Dropout)?.probability == 0.5 })
      #expect(half.nodes.last?.operation.title == plain.nodes.last?.operation.title)
      // What dropout draws depends on its name.
      #expect(Set(half.nodes.map(\.name)).count == half.nodes.count)
    }
  }

  /// TensorFlow's published checkpoints of MobileNet V2: MACs floored to millions, parameters without
  /// batch normalization, 1001 classes.
  @Test(arguments: [
    (1.4, 224, 582, 6.06), (1.3, 224, 509, 5.34), (1.0, 224, 300, 3.47), (1.0, 192, 221, 3.47),
    (1.0, 160, 154, 3.47), (1.0, 128, 99, 3.47), (1.0, 96, 56, 3.47), (0.75, 224, 209, 2.61),
    (0.75, 192, 153, 2.61), (0.75, 160, 107, 2.61), (0.75, 128, 69, 2.61), (0.75, 96, 39, 2.61),
    (0.5, 224, 97, 1.95), (0.5, 192, 71, 1.95), (0.5, 160, 50, 1.95), (0.5, 128, 32, 1.95),
    (0.5, 96, 18, 1.95), (0.35, 224, 59, 1.66), (0.35, 192, 43, 1.66), (0.35, 160, 30, 1.66),
    (0.35, 128, 20, 1.66), (0.35, 96, 11, 1.66),
  ])
  func v2CostsWhatItsAuthorsPublished(
    width: Double, resolution: Int, millions: Int, parameters: Double
  ) throws {
    let network = try Network.named(
      "mobilenet_v2", width: width, classes: 1001, rounding: .divisibleBy8)
    #expect(try network.cost(resolution: resolution).macs / 1_000_000 == millions)
    #expect(Format.fixed(network.millionsWithoutBatchNorm, decimals: 2) == "\(parameters)")
  }

  /// MobileNet V1's at α 1.0, where MACs are rounded to the nearest million, and the parameters, with
  /// one decimal, those of table 4 of the paper.
  @Test(arguments: [(224, 569), (192, 418), (160, 291), (128, 186)])
  func v1CostsWhatItsAuthorsPublished(resolution: Int, millions: Int) throws {
    let network = try Network.named("mobilenet_v1", width: 1, classes: 1001)
    #expect(try (network.cost(resolution: resolution).macs + 500_000) / 1_000_000 == millions)
    #expect(Format.fixed(network.millionsWithoutBatchNorm, decimals: 1) == "4.2")
  }
}

extension Network {
  fileprivate var millionsWithoutBatchNorm: Double {
    let counted = parameters.filter {
      switch $0.kind {
      case .weight, .bias: true
      default: false
      }
    }
    return Double(counted.reduce(0) { $0 + $1.count }) / 1e6
  }
}
