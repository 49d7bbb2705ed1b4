import Common
import Networks
import Testing

@Suite struct ArchitectureTests {
  @Test(arguments: StateDictionary.all)
  func parametersAreThoseOfPyTorchsStateDictInItsOrder(reference: StateDictionary) throws {
    let network = try Network.named(reference.model, width: reference.width, classes: 10)
    let lines = network.parameters.map { "\($0.name) \($0.shape)\n" }.joined()
    #expect(SHA256.hash(lines.utf8) == reference.sha256)
  }

  @Test func everyKindOfTensorHasItsNameAndShape() throws {
    let network = try Network.named("c_mobilenet_v2", width: 0.35, classes: 10)
    let shapes = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.shape) })
    #expect(shapes["stem.conv_block.0.weight"] == [11, 3, 3, 3])
    #expect(shapes["feature_ext.1.res_block.1.conv_block.0.weight"] == [30, 1, 3, 3])
    #expect(shapes["feature_ext.1.downsample.conv_block.1.running_var"] == [8])
    #expect(shapes["feature_ext.2.downsample.conv_block.0.weight"] == nil)
    #expect(shapes["tail.conv_block.1.num_batches_tracked"] == [])
    #expect(shapes["classifier.2.weight"] == [10, 448])
  }

  @Test func runningStatisticsAreNotTrained() throws {
    let network = try Network.named("mobilenet_v1", width: 0.35, classes: 10)
    #expect(
      Set(network.parameters.filter { !$0.isTrainable }.map(\.kind))
        == [.runningMean, .runningVariance, .batchesTracked])
  }

  @Test func everyNodeReadsEarlierValues() throws {
    #expect(Architecture.builtIn.map(\.name) == Architecture.names)
    for architecture in Architecture.builtIn {
      let network = try architecture.network(width: 0.35, classes: 7)
      let shapes = try network.shapes(resolution: 65)
      for (index, node) in network.nodes.enumerated() {
        #expect(node.inputs.allSatisfy { $0 <= index })
        #expect(shapes[index + 1].count > 0)
      }
      #expect(shapes.last == Shape(height: 1, width: 1, channels: 7))
    }
  }

  @Test(arguments: [
    (ChannelRounding.truncate, 32, 0.35, 11), (.truncate, 16, 0.35, 5), (.truncate, 96, 0.35, 33),
    (.truncate, 24, 1.4, 33), (.minimum8, 16, 0.35, 8), (.minimum8, 64, 0.35, 22),
    (.divisibleBy8, 32, 0.35, 16), (.divisibleBy8, 24, 0.75, 24), (.divisibleBy8, 24, 0.5, 16),
    (.divisibleBy8, 16, 0.35, 8), (.divisibleBy8, 24, 1.4, 32), (.divisibleBy8, 160, 1.3, 208),
  ])
  func channelsAreRoundedAsTheFieldDoes(
    rounding: ChannelRounding, channels: Int, width: Double, expected: Int
  ) {
    #expect(rounding.channels(channels, width: width) == expected)
  }

  @Test func onlyTheDivisibleRoundingKeepsTheLastConvolutionWhole() {
    #expect(ChannelRounding.divisibleBy8.tailChannels(1280, width: 0.35, input: 112) == 1280)
    #expect(ChannelRounding.divisibleBy8.tailChannels(1280, width: 1.4, input: 448) == 1792)
    #expect(ChannelRounding.truncate.tailChannels(1280, width: 0.35, input: 112) == 448)
  }

  @Test(arguments: [
    ("mobilnet_v2", 1.0, 10, "unknown model \"mobilnet_v2\"; did you mean \"mobilenet_v2\"?"),
    (
      "resnet50", 1.0, 10,
      "unknown model \"resnet50\"; valid: mobilenet_v1, mobilenet_v2, c_mobilenet_v2,"
        + " mobilenet_v3_large, mobilenet_v3_small, mobilenet_v2_tf, mobilenet_v1_keras,"
        + " mobilenet_v1_pytorch, a network's file (my_net.json)"
    ),
    (
      "mobilenet_v2", 0.05, 10,
      "width 0.05 leaves feature_ext.0 of mobilenet_v2 without channels (16 × 0.05 is below 1);"
        + " use a width of at least 0.0625"
    ),
    (
      "mobilenet_v1", 0.03, 10,
      "width 0.03 leaves stem of mobilenet_v1 without channels (32 × 0.03 is below 1);"
        + " use a width of at least 0.03125"
    ),
    (
      "mobilenet_v1", -1, 10,
      "the width of mobilenet_v1 is -1.0; it must be above 0 and at most 100.0"
    ),
    (
      "mobilenet_v1", .nan, 10,
      "the width of mobilenet_v1 is nan; it must be above 0 and at most 100.0"
    ),
    (
      "mobilenet_v1", 1e300, 10,
      "the width of mobilenet_v1 is 1e+300; it must be above 0 and at most 100.0"
    ),
    ("mobilenet_v1", 1, 0, "mobilenet_v1 has 0 classes; use at least 1 class"),
  ])
  func anImpossibleNetworkIsOneClearLine(
    model: String, width: Double, classes: Int, line: String
  ) {
    let error = #expect(throws: SweepError.self) {
      try Network.named(model, width: width, classes: classes)
    }
    #expect(error?.description == line)
  }
}
