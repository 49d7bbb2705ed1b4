import Common
import Foundation
import Testing

@testable import Networks

@Suite struct TableTests {
  /// A table with a row of every kind, a key a line; `replacing` swaps one piece of its text.
  static func table(replacing old: String = "", with new: String = "") -> String {
    let text = """
      {
      "name": "my_net", "about": "a net",
      "activation": "relu",
      "batch_norm": {"eps": 0.001},
      "stem": {"channels": 16, "stride": 2},
      "stages": [
      {"block": "conv", "channels": 24, "kernel": 5, "padding": "same", "bias": true, "batch_norm": false},
      {"block": "depthwise_separable", "channels": 32, "repeats": 2, "stride": 2},
      {"block": "inverted_residual", "expansion": 2.5, "channels": 40, "activation": "hard_swish"},
      {"block": "inverted_residual", "hidden": 60, "channels": 40, "kernel": 7, "squeeze_excitation": 4}
      ],
      "tail": {"channels": 64, "activation": {"leaky_relu": 0.2}},
      "head": {"hidden": [48], "dropout": 0.25}
      }
      """
    return old.isEmpty ? text : text.replacing(old, with: new)
  }

  private static func read(_ text: String) throws(SweepError) -> Architecture {
    try Architecture(own: JSONField(parsing: Array(text.utf8), file: "my_net.json"))
  }

  @Test func aTableBecomesTheNetworkItDescribes() throws {
    let network = try Self.read(Self.table()).network(width: 1, classes: 7)
    let summary = try NetworkSummary(network, rounding: .truncate, resolution: 64, batchSize: 1)
    let layers = summary.layers.map { "\($0.name) \($0.operation) \($0.output.channels)" }
    #expect(
      layers == [
        "stem 3×3 conv /2, ReLU 16",
        "feature_ext.0 5×5 conv, ReLU 24",
        "feature_ext.1.depthwise 3×3 depthwise /2, ReLU 24",
        "feature_ext.1.pointwise 1×1 conv, ReLU 32",
        "feature_ext.2.depthwise 3×3 depthwise, ReLU 32",
        "feature_ext.2.pointwise 1×1 conv, ReLU 32",
        "feature_ext.3.res_block.0 1×1 conv, Hardswish 80",
        "feature_ext.3.res_block.1 3×3 depthwise, Hardswish 80",
        "feature_ext.3.res_block.2 1×1 conv 40",
        "feature_ext.4.res_block.0 1×1 conv, ReLU 60",
        "feature_ext.4.res_block.1 7×7 depthwise, ReLU 60",
        "feature_ext.4.res_block.2.squeeze average pool 60",
        "feature_ext.4.res_block.2.excitation.0 linear, ReLU 15",
        "feature_ext.4.res_block.2.excitation.2 linear, Hardsigmoid 60",
        "feature_ext.4.res_block.2 scale 60",
        "feature_ext.4.res_block.3 1×1 conv 40",
        "feature_ext.4 add 40",
        "tail 1×1 conv, LeakyReLU 64",
        "classifier.0 average pool 64",
        "classifier.2 linear, ReLU 48",
        "classifier.4 dropout 0.25 48",
        "classifier.5 linear 7",
      ])
    let first = network.parameters(ofNode: 1)
    #expect(first.map(\.kind) == [.weight, .bias])
    let convolution = try #require(network.nodes[1].operation as? ConvBNAct).convolution
    #expect(convolution.padding == .same)
  }

  /// What is changed in the table, and what is said of it.
  static let refusals = [
    (
      #""stride": 2}"#, #""make_divisible": {"expansion": 6}}"#,
      #"my_net.json:5: stem: unknown key "make_divisible"; valid: channels"#
    ),
    (
      #""conv""#, #""cnov""#,
      #"my_net.json:7: stage 1: unknown block "cnov"; did you mean "conv"?"#
    ),
    (
      #""repeats""#, #""repeat""#,
      #"my_net.json:8: stage 2: unknown key "repeat"; did you mean "repeats"?"#
    ),
    (
      #""block": "depthwise_separable", "#, "",
      #"my_net.json:8: stage 2: the key "block" is missing; valid: conv, depthwise_separable"#
    ),
    (
      #""repeats": 2"#, #""expansion": 2"#,
      #"my_net.json:8: stage 2: a depthwise_separable block has no "expansion"; remove it, or"#
    ),
    (
      #""channels": 32"#, #""channels": 0"#,
      "my_net.json:8: stage 2: channels is 0; it must be at"
    ),
    (
      #""channels": 32"#, #""channels": 1e9"#,
      "my_net.json:8: stage 2: channels is 1e9; it must be at most 65536"
    ),
    (
      #""channels": 32"#, #""channels": "32""#,
      #"my_net.json:8: stage 2: channels must be a whole number, found the string "32""#
    ),
    (
      #""channels": 32, "#, "",
      #"my_net.json:8: stage 2: the key "channels" is missing; give the output channels at width 1"#
    ),
    (
      #""repeats": 2"#, #""repeats": 1001"#,
      "my_net.json:8: stage 2: repeats is 1001; it must be at"
    ),
    (
      #""kernel": 7"#, #""kernel": 13"#,
      "my_net.json:10: stage 4: kernel is 13; it must be at most"
    ),
    (#""kernel": 7"#, #""kernel": 4"#, "my_net.json:10: stage 4: kernel is 4; it must be odd:"),
    (
      #""hidden": 60"#, #""hidden": 60, "expansion": 6"#,
      #"my_net.json:10: stage 4: both "expansion" and "hidden" are given; give either an expansion"#
    ),
    (
      #""hidden": 60, "#, "",
      #"my_net.json:10: stage 4: the key "expansion" or "hidden" is missing; give either"#
    ),
    ("2.5", "0", "my_net.json:9: stage 3: expansion is 0.0; it must be above 0 and at most 64"),
    (
      "hard_swish", "hardswish",
      #"my_net.json:9: stage 3: unknown activation "hardswish"; did you mean "hard_swish"?"#
    ),
    (
      #""same""#, #""valid""#,
      #"my_net.json:7: stage 1: unknown padding "valid"; valid: symmetric"#
    ),
    ("0.25", "1", "my_net.json:13: head: dropout is 1.0; it must be at least 0 and below 1"),
    (
      #""stride": 2}"#, #""strides": 2}"#, "my_net.json:5: stem: unknown key \"strides\"; did you"
    ),
    (
      "{\"eps\": 0.001}", "{\"momentum\": 0}",
      "my_net.json:4: $.batch_norm.momentum: momentum is 0.0; it must be above 0 and at most 1"
    ),
    ("my_net", "my net", #"my_net.json:2: $.name: the name "my net" cannot name a network; use"#),
    (#""stem""#, #""stm""#, #"my_net.json:5: $.stm: unknown key "stm"; did you mean "stem"?"#),
  ]

  @Test(
    "What is wrong in a table is named with file, line, row and what to do",
    arguments: refusals)
  func mistakes(old: String, new: String, line: String) {
    let error = #expect(throws: SweepError.self) {
      try Self.read(Self.table(replacing: old, with: new))
    }
    #expect(error?.kind == .badInput)
    #expect(error?.description.hasPrefix(line) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("\n", " "), ("\"a net\"", "\"another text\""), ("0.25", "2.5e-1"),
    (#""stem": {"channels": 16, "stride": 2}"#, #""stem": {"stride": 2.0, "channels": 16}"#),
  ])
  func whatChangesNoNetworkDoesNotChangeTheCanonicalTable(old: String, new: String) throws {
    #expect(
      try Self.read(Self.table(replacing: old, with: new)).canonical
        == Self.read(Self.table()).canonical)
  }

  @Test func whatChangesTheNetworkChangesTheCanonicalTable() throws {
    let other = try Self.read(Self.table(replacing: "0.25", with: "0.3"))
    #expect(try other.canonical != Self.read(Self.table()).canonical)
  }

  @Test(arguments: [(65536, 100.0, "channels"), (65536, 2.0, "parameters")])
  func aNetworkBeyondAllMeasureIsRefused(channels: Int, width: Double, what: String) throws {
    let wide = try Self.read(
      Self.table(replacing: #""channels": 32"#, with: #""channels": \#(channels)"#)
        .replacing(#""channels": 40"#, with: #""channels": \#(channels)"#))
    let error = #expect(throws: SweepError.self) { try wide.network(width: width, classes: 2) }
    #expect(error?.message.contains(what) == true)
  }

  @Test func aFileCannotTakeABuiltInNetworksName() throws {
    let path = NSTemporaryDirectory() + "sweep-table-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Architecture.table(of: "mobilenet_v2").write(
      toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: SweepError.self) { try Architecture.named(path) }
    #expect(
      error?.description
        == "\(path):2: $.name: the name \"mobilenet_v2\" belongs to a built-in network; choose another name"
    )
  }
}
