import Common
import Testing

@testable import Networks
@testable import Reporting

@Suite struct NetworkSummaryTests {
  private static func small() throws -> Network {
    let table = """
      {
        "name": "small",
        "stem": {"channels": 32, "stride": 2},
        "stages": [
          {"block": "depthwise_separable", "channels": 64, "stride": 2},
          {
            "block": "inverted_residual", "expansion": 6, "channels": 64, "residual": "always",
            "join_activation": "leaky_relu"
          }
        ]
      }
      """
    return try Architecture(own: JSONField(parsing: Array(table.utf8), file: "small.json"))
      .network(width: 0.5, classes: 10)
  }

  @Test func aTerminalOf80ColumnsShowsLayersTotalsAndMemory() throws {
    let summary = try NetworkSummary(
      try Self.small(), rounding: .truncate, resolution: 33, batchSize: 4)
    #expect(
      summary.text(columns: 80) == """
        small: width 0.5, resolution 33, 10 classes, channels "truncate"

        layer          operation                output C×H×W  params       MACs
        ───────────────────────────────────────────────────────────────────────
        stem           3×3 conv /2, ReLU6       16×17×17         464    124,848
        feature_ext.0
          depthwise    3×3 depthwise /2, ReLU6  16×9×9           176     11,664
          pointwise    1×1 conv, ReLU6          32×9×9           576     41,472
        feature_ext.1
          res_block.0  1×1 conv, ReLU6          192×9×9        6,528    497,664
          res_block.1  3×3 depthwise, ReLU6     192×9×9        2,112    139,968
          res_block.2  1×1 conv                 32×9×9         6,208    497,664
          (output)     add, LeakyReLU           32×9×9             0          0
        classifier.0   average pool             32×1×1             0          0
        classifier.2   linear                   10×1×1           330        320
        ───────────────────────────────────────────────────────────────────────
        total                                                 16,394  1,313,600

        totals, one image
        ────────────────────────────
        parameters            16,394
        MACs               1,313,600
        FLOPs (2 a MAC)    2,627,200

        training memory, batch 4
        ─────────────────────────────────────
        feature maps                  752 KiB
        their gradients               445 KiB
        weights, gradients, moments   256 KiB
        total, about                 1.42 MiB

        """)
  }

  @Test(arguments: ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"], [1.0, 0.75, 0.5, 0.35])
  func everyNetworkOfTheStudyFitsIn80ColumnsAndIn120(model: String, width: Double) throws {
    let network = try Network.named(model, width: width, classes: 10)
    let summary = try NetworkSummary(
      network, rounding: .truncate, resolution: 224, batchSize: 192)
    for columns in [80, 120] {
      let lines = summary.text(columns: columns).split(separator: "\n")
      #expect(lines.map(\.count).max() ?? 0 <= columns)
    }
  }

  /// Most of these are wider than the study's, by longer names and a thousand classes.
  @Test(arguments: Architecture.names, ChannelRounding.allCases)
  func everyBuiltInNetworkFitsIn80Columns(name: String, rounding: ChannelRounding) throws {
    let network = try Network.named(name, width: 1, classes: 1000, rounding: rounding)
    let summary = try NetworkSummary(network, rounding: rounding, resolution: 224, batchSize: 192)
    for columns in [80, 100, 120] {
      let lines = summary.text(columns: columns).split(separator: "\n")
      #expect(lines.map(\.count).max() ?? 0 <= columns)
    }
  }

  @Test func aGatesPartsStandBelowEachOther() throws {
    let network = try Network.named("mobilenet_v3_small", width: 1, classes: 10)
    let text = try NetworkSummary(network, rounding: .truncate, resolution: 224, batchSize: 1)
      .text(columns: 80)
    let names = text.split(separator: "\n").dropFirst(4).prefix(7).map { $0.prefix(18) }
    #expect(
      names == [
        "bottlenecks.0", "  residual.0      ", "    squeeze       ", "    excitation.0  ",
        "    excitation.2  ", "  residual.1      ", "  residual.2      ",
      ])
  }

  @Test func theJSONCarriesTheTableAndTheTotals() throws {
    let text = try NetworkSummary(
      try Self.small(), rounding: .truncate, resolution: 33, batchSize: 4
    ).json.text
    #expect(
      text.hasPrefix(
        #"{"listing":"summary","version":1,"model":"small","width":0.5,"resolution":33,"classes":10,"#
      ))
    #expect(
      text.contains(
        #"{"name":"stem","operation":"3×3 conv /2, ReLU6","output_shape":[16,17,17],"params":464,"#
          + #""macs":124848,"flops":249696,"thop_macs":null}"#))
  }
}
