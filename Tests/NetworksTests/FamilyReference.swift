import Networks
import Testing

/// The cost of one network beside the study's three with 1000 classes, counted by hooks on PyTorch's
/// modules, and the SHA-256 (its first digits) of its `state_dict`: a line `NAME SHAPE` a tensor.
///
/// Written by Tests/reference/family_costs.py, where V3's with `make_divisible` equal torchvision's.
struct FamilyCost: Sendable, CustomTestStringConvertible {
  let model: String
  let width: Double
  let resolution: Int
  let rounding: ChannelRounding
  let params: Int
  let macs: Int
  let names: String

  init(
    _ model: String, _ width: Double, _ resolution: Int, _ rounding: ChannelRounding, _ params: Int,
    _ macs: Int, _ names: String
  ) {
    self.model = model
    self.width = width
    self.resolution = resolution
    self.rounding = rounding
    self.params = params
    self.macs = macs
    self.names = names
  }

  var testDescription: String { "\(model) \(width) @\(resolution) \(rounding.rawValue)" }

  static let all: [FamilyCost] = [  // 1000 classes
    .init("mobilenet_v3_large", 1.4, 160, .truncate, 9_950_861, 211_468_700, "9360aeb6c086"),
    .init("mobilenet_v3_large", 1.0, 224, .truncate, 5_481_198, 216_587_936, "7f73831e7bb6"),
    .init("mobilenet_v3_large", 0.75, 65, .truncate, 3_346_399, 18_246_930, "3184987fd848"),
    .init("mobilenet_v3_large", 0.5, 128, .truncate, 1_721_747, 20_620_312, "46d14f73ea35"),
    .init("mobilenet_v3_large", 0.35, 96, .truncate, 990_169, 6_419_303, "9fd491f2b4e5"),
    .init("mobilenet_v3_large", 0.25, 64, .truncate, 606_456, 1_939_832, "b94477fa5489"),
    .init("mobilenet_v3_large", 1.4, 160, .divisibleBy8, 9_989_328, 215_209_488, "d89b4a9a648b"),
    .init("mobilenet_v3_large", 1.0, 224, .divisibleBy8, 5_483_032, 216_589_760, "b18b1e107a41"),
    .init("mobilenet_v3_large", 0.75, 65, .divisibleBy8, 3_377_576, 19_574_632, "29be3ede5deb"),
    .init("mobilenet_v3_large", 0.5, 128, .divisibleBy8, 1_734_576, 22_109_184, "3f0e88dfb6bd"),
    .init("mobilenet_v3_large", 0.35, 96, .divisibleBy8, 997_064, 7_120_648, "b6936f3f0e4f"),
    .init("mobilenet_v3_large", 0.25, 64, .divisibleBy8, 617_000, 2_475_936, "b3557849fefe"),
    .init("mobilenet_v3_small", 1.4, 160, .truncate, 4_348_637, 53_808_519, "9ec867352ae5"),
    .init("mobilenet_v3_small", 1.0, 224, .truncate, 2_537_238, 56_504_800, "af6f0d9e2bce"),
    .init("mobilenet_v3_small", 0.75, 65, .truncate, 1_633_610, 5_738_862, "6ee675322fee"),
    .init("mobilenet_v3_small", 0.5, 128, .truncate, 909_815, 6_268_040, "2ee4e56a0daa"),
    .init("mobilenet_v3_small", 0.35, 96, .truncate, 559_093, 2_166_739, "b9c7df4aaf73"),
    .init("mobilenet_v3_small", 0.25, 64, .truncate, 365_551, 796_036, "6785b7ea8e56"),
    .init("mobilenet_v3_small", 1.4, 160, .divisibleBy8, 4_373_824, 54_595_712, "50ffe892dfc7"),
    .init("mobilenet_v3_small", 1.0, 224, .divisibleBy8, 2_542_856, 56_510_400, "68bdfaea2f94"),
    .init("mobilenet_v3_small", 0.75, 65, .divisibleBy8, 1_653_920, 6_225_520, "dbb88e0bb53f"),
    .init("mobilenet_v3_small", 0.5, 128, .divisibleBy8, 917_264, 6_717_440, "81980634dff8"),
    .init("mobilenet_v3_small", 0.35, 96, .divisibleBy8, 558_744, 2_459_736, "4d068e08490e"),
    .init("mobilenet_v3_small", 0.25, 64, .divisibleBy8, 374_272, 1_036_320, "5178565c2e38"),
    .init("mobilenet_v2_tf", 1.4, 160, .truncate, 6_108_426, 298_934_972, "331f595e9635"),
    .init("mobilenet_v2_tf", 1.0, 224, .truncate, 3_523_048, 312_677_376, "bafd0537e3aa"),
    .init("mobilenet_v2_tf", 0.75, 65, .truncate, 2_243_968, 15_785_088, "d6313ed5ed60"),
    .init("mobilenet_v2_tf", 0.5, 128, .truncate, 1_230_600, 28_542_272, "2696d2600c71"),
    .init("mobilenet_v2_tf", 0.35, 96, .truncate, 746_870, 8_353_320, "a7e827fa63ce"),
    .init("mobilenet_v2_tf", 0.25, 64, .truncate, 482_944, 2_366_304, "1ceeffb49a53"),
    .init("mobilenet_v2_tf", 1.4, 160, .divisibleBy8, 6_135_192, 311_288_240, "329f1279bfce"),
    .init("mobilenet_v2_tf", 1.0, 224, .divisibleBy8, 3_523_048, 312_677_376, "bafd0537e3aa"),
    .init("mobilenet_v2_tf", 0.75, 65, .divisibleBy8, 2_650_392, 18_832_256, "1f0fd1af67d3"),
    .init("mobilenet_v2_tf", 0.5, 128, .divisibleBy8, 1_978_256, 33_456_448, "ac33311aa193"),
    .init("mobilenet_v2_tf", 0.35, 96, .divisibleBy8, 1_684_472, 12_396_272, "f3176557cb2c"),
    .init("mobilenet_v2_tf", 0.25, 64, .divisibleBy8, 1_524_528, 4_227_488, "106c8af5d858"),
    .init("mobilenet_v1_keras", 1.4, 160, .truncate, 7_686_698, 559_055_450, "ae0099650724"),
    .init("mobilenet_v1_keras", 1.0, 224, .truncate, 4_242_856, 568_740_352, "9ea7d164bd60"),
    .init("mobilenet_v1_keras", 0.75, 65, .truncate, 2_593_720, 40_828_368, "3318d47407bc"),
    .init("mobilenet_v1_keras", 0.5, 128, .truncate, 1_337_032, 49_160_192, "e979ce989e84"),
    .init("mobilenet_v1_keras", 0.35, 96, .truncate, 769_679, 14_153_119, "41b4b1095200"),
    .init("mobilenet_v1_keras", 0.25, 64, .truncate, 472_792, 3_584_512, "e953550c746a"),
    .init("mobilenet_v1_keras", 1.4, 160, .divisibleBy8, 7_719_408, 562_992_200, "d1cfe71f301e"),
    .init("mobilenet_v1_keras", 1.0, 224, .divisibleBy8, 4_242_856, 568_740_352, "9ea7d164bd60"),
    .init("mobilenet_v1_keras", 0.75, 65, .divisibleBy8, 2_593_720, 40_828_368, "3318d47407bc"),
    .init("mobilenet_v1_keras", 0.5, 128, .divisibleBy8, 1_337_032, 49_160_192, "e979ce989e84"),
    .init("mobilenet_v1_keras", 0.35, 96, .divisibleBy8, 767_536, 15_062_328, "14cc65f33045"),
    .init("mobilenet_v1_keras", 0.25, 64, .divisibleBy8, 472_792, 3_584_512, "e953550c746a"),
    .init("mobilenet_v1_pytorch", 1.4, 160, .truncate, 7_686_698, 559_055_450, "ae0099650724"),
    .init("mobilenet_v1_pytorch", 1.0, 224, .truncate, 4_242_856, 568_740_352, "9ea7d164bd60"),
    .init("mobilenet_v1_pytorch", 0.75, 65, .truncate, 2_593_720, 40_828_368, "3318d47407bc"),
    .init("mobilenet_v1_pytorch", 0.5, 128, .truncate, 1_337_032, 49_160_192, "e979ce989e84"),
    .init("mobilenet_v1_pytorch", 0.35, 96, .truncate, 769_679, 14_153_119, "41b4b1095200"),
    .init("mobilenet_v1_pytorch", 0.25, 64, .truncate, 472_792, 3_584_512, "e953550c746a"),
    .init("mobilenet_v1_pytorch", 1.4, 160, .divisibleBy8, 7_719_408, 562_992_200, "d1cfe71f301e"),
    .init("mobilenet_v1_pytorch", 1.0, 224, .divisibleBy8, 4_242_856, 568_740_352, "9ea7d164bd60"),
    .init("mobilenet_v1_pytorch", 0.75, 65, .divisibleBy8, 2_593_720, 40_828_368, "3318d47407bc"),
    .init("mobilenet_v1_pytorch", 0.5, 128, .divisibleBy8, 1_337_032, 49_160_192, "e979ce989e84"),
    .init("mobilenet_v1_pytorch", 0.35, 96, .divisibleBy8, 767_536, 15_062_328, "14cc65f33045"),
    .init("mobilenet_v1_pytorch", 0.25, 64, .divisibleBy8, 472_792, 3_584_512, "e953550c746a"),
  ]
}
