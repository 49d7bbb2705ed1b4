import Networks
import Testing

/// The cost with 1000 classes, counted by hooks on PyTorch's modules.
///
/// Written by Tests/reference/costs.py.
struct ThousandClassCost: Sendable, CustomTestStringConvertible {
  let model: String
  let width: Double
  let resolution: Int
  let rounding: ChannelRounding
  let params: Int
  let macs: Int

  init(
    _ model: String, _ width: Double, _ resolution: Int, _ rounding: ChannelRounding, _ params: Int,
    _ macs: Int
  ) {
    self.model = model
    self.width = width
    self.resolution = resolution
    self.rounding = rounding
    self.params = params
    self.macs = macs
  }

  var testDescription: String { "\(model) \(width) @\(resolution) \(rounding.rawValue)" }

  static let all: [ThousandClassCost] = [
    ThousandClassCost("mobilenet_v1", 1.4, 224, .truncate, 7_671_481, 1_094_373_002),
    ThousandClassCost("mobilenet_v1", 1.0, 224, .truncate, 4_231_976, 568_740_352),
    ThousandClassCost("mobilenet_v1", 0.75, 160, .truncate, 2_585_560, 166_396_800),
    ThousandClassCost("mobilenet_v1", 0.5, 128, .truncate, 1_331_592, 49_160_192),
    ThousandClassCost("mobilenet_v1", 0.35, 96, .truncate, 765_881, 14_153_119),
    ThousandClassCost("mobilenet_v1", 1.4, 224, .divisibleBy8, 7_704_152, 1_102_089_992),
    ThousandClassCost("mobilenet_v1", 1.0, 224, .divisibleBy8, 4_231_976, 568_740_352),
    ThousandClassCost("mobilenet_v1", 0.75, 160, .divisibleBy8, 2_585_560, 166_396_800),
    ThousandClassCost("mobilenet_v1", 0.5, 128, .divisibleBy8, 1_331_592, 49_160_192),
    ThousandClassCost("mobilenet_v1", 0.35, 96, .divisibleBy8, 763_752, 15_062_328),
    ThousandClassCost("mobilenet_v2", 1.4, 224, .truncate, 6_082_580, 562_210_684),
    ThousandClassCost("mobilenet_v2", 1.0, 224, .truncate, 3_504_872, 300_774_272),
    ThousandClassCost("mobilenet_v2", 0.75, 160, .truncate, 2_230_528, 89_930_400),
    ThousandClassCost("mobilenet_v2", 0.5, 128, .truncate, 1_221_768, 27_664_384),
    ThousandClassCost("mobilenet_v2", 0.35, 96, .truncate, 740_817, 8_143_126),
    ThousandClassCost("mobilenet_v2", 1.4, 224, .divisibleBy8, 6_108_776, 582_195_824),
    ThousandClassCost("mobilenet_v2", 1.0, 224, .divisibleBy8, 3_504_872, 300_774_272),
    ThousandClassCost("mobilenet_v2", 0.75, 160, .divisibleBy8, 2_636_424, 107_295_200),
    ThousandClassCost("mobilenet_v2", 0.5, 128, .divisibleBy8, 1_968_680, 32_578_560),
    ThousandClassCost("mobilenet_v2", 0.35, 96, .divisibleBy8, 1_677_128, 11_934_128),
    ThousandClassCost("c_mobilenet_v2", 1.4, 224, .truncate, 6_233_924, 587_261_444),
    ThousandClassCost("c_mobilenet_v2", 1.0, 224, .truncate, 3_582_712, 313_870_208),
    ThousandClassCost("c_mobilenet_v2", 0.75, 160, .truncate, 2_274_580, 93_688_800),
    ThousandClassCost("c_mobilenet_v2", 0.5, 128, .truncate, 1_241_584, 28_733_440),
    ThousandClassCost("c_mobilenet_v2", 0.35, 96, .truncate, 750_582, 8_413_486),
    ThousandClassCost("c_mobilenet_v2", 1.4, 224, .divisibleBy8, 6_261_240, 609_842_800),
    ThousandClassCost("c_mobilenet_v2", 1.0, 224, .divisibleBy8, 3_582_712, 313_870_208),
    ThousandClassCost("c_mobilenet_v2", 0.75, 160, .divisibleBy8, 2_680_904, 111_994_400),
    ThousandClassCost("c_mobilenet_v2", 0.5, 128, .divisibleBy8, 1_988_600, 33_696_768),
    ThousandClassCost("c_mobilenet_v2", 0.35, 96, .divisibleBy8, 1_687_176, 12_398_384),
  ]
}
