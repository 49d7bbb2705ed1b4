import Testing

/// The cost of one of the study's cells with 10 classes, counted by hooks on PyTorch's modules.
///
/// Written by Tests/reference/costs.py.
struct StudyCost: Sendable, CustomTestStringConvertible {
  let model: String
  let width: Double
  let resolution: Int
  let params: Int
  let macs: Int
  let thopMacs: Int

  init(
    _ model: String, _ width: Double, _ resolution: Int, _ params: Int, _ macs: Int, _ thopMacs: Int
  ) {
    self.model = model
    self.width = width
    self.resolution = resolution
    self.params = params
    self.macs = macs
    self.thopMacs = thopMacs
  }

  var testDescription: String { "\(model) \(width) @\(resolution)" }

  static let cells: [StudyCost] = [
    StudyCost("mobilenet_v1", 1.0, 224, 3_217_226, 567_726_592, 587_948_544),
    StudyCost("mobilenet_v1", 1.0, 192, 3_217_226, 417_107_968, 431_965_184),
    StudyCost("mobilenet_v1", 1.0, 160, 3_217_226, 289_661_440, 299_979_264),
    StudyCost("mobilenet_v1", 1.0, 128, 3_217_226, 185_387_008, 191_990_784),
    StudyCost("mobilenet_v1", 1.0, 96, 3_217_226, 104_284_672, 107_999_744),
    StudyCost("mobilenet_v1", 0.75, 224, 1_824_250, 324_640_128, 339_806_592),
    StudyCost("mobilenet_v1", 0.75, 192, 1_824_250, 238_513_152, 249_656_064),
    StudyCost("mobilenet_v1", 0.75, 160, 1_824_250, 165_636_480, 173_374_848),
    StudyCost("mobilenet_v1", 0.75, 128, 1_824_250, 106_010_112, 110_962_944),
    StudyCost("mobilenet_v1", 0.75, 96, 1_824_250, 59_634_048, 62_420_352),
    StudyCost("mobilenet_v1", 0.5, 224, 823_722, 148_990_208, 159_101_184),
    StudyCost("mobilenet_v1", 0.5, 192, 823_722, 109_463_552, 116_892_160),
    StudyCost("mobilenet_v1", 0.5, 160, 823_722, 76_017_920, 81_176_832),
    StudyCost("mobilenet_v1", 0.5, 128, 823_722, 48_653_312, 51_955_200),
    StudyCost("mobilenet_v1", 0.5, 96, 823_722, 27_369_728, 29_227_264),
    StudyCost("mobilenet_v1", 0.35, 224, 410_471, 75_110_339, 82_102_115),
    StudyCost("mobilenet_v1", 0.35, 192, 410_471, 55_184_056, 60_320_966),
    StudyCost("mobilenet_v1", 0.35, 160, 410_471, 38_323_355, 41_890_763),
    StudyCost("mobilenet_v1", 0.35, 128, 410_471, 24_528_236, 26_811_506),
    StudyCost("mobilenet_v1", 0.35, 96, 410_471, 13_798_699, 15_083_195),
    StudyCost("mobilenet_v2", 1.0, 224, 2_236_682, 299_507_072, 326_283_520),
    StudyCost("mobilenet_v2", 1.0, 192, 2_236_682, 220_049_408, 239_722_240),
    StudyCost("mobilenet_v2", 1.0, 160, 2_236_682, 152_816_000, 166_478_080),
    StudyCost("mobilenet_v2", 1.0, 128, 2_236_682, 97_806_848, 106_551_040),
    StudyCost("mobilenet_v2", 1.0, 96, 2_236_682, 55_021_952, 59_941_120),
    StudyCost("mobilenet_v2", 0.75, 224, 1_279_138, 174_391_584, 194_473_920),
    StudyCost("mobilenet_v2", 0.75, 192, 1_279_138, 128_126_976, 142_881_600),
    StudyCost("mobilenet_v2", 0.75, 160, 1_279_138, 88_980_000, 99_226_560),
    StudyCost("mobilenet_v2", 0.75, 128, 1_279_138, 56_950_656, 63_508_800),
    StudyCost("mobilenet_v2", 0.75, 96, 1_279_138, 32_038_944, 35_728_320),
    StudyCost("mobilenet_v2", 0.5, 224, 587_178, 82_768_576, 96_156_800),
    StudyCost("mobilenet_v2", 0.5, 192, 587_178, 60_811_264, 70_647_680),
    StudyCost("mobilenet_v2", 0.5, 160, 587_178, 42_232_000, 49_063_040),
    StudyCost("mobilenet_v2", 0.5, 128, 587_178, 27_030_784, 31_402_880),
    StudyCost("mobilenet_v2", 0.5, 96, 587_178, 15_207_616, 17_667_200),
    StudyCost("mobilenet_v2", 0.35, 224, 296_307, 41_900_166, 50_833_902),
    StudyCost("mobilenet_v2", 0.35, 192, 296_307, 30_784_984, 37_348_664),
    StudyCost("mobilenet_v2", 0.35, 160, 296_307, 21_379_830, 25_938_078),
    StudyCost("mobilenet_v2", 0.35, 128, 296_307, 13_684_704, 16_602_144),
    StudyCost("mobilenet_v2", 0.35, 96, 296_307, 7_699_606, 9_340_862),
    StudyCost("c_mobilenet_v2", 1.0, 224, 2_314_522, 312_603_008, 340_803_200),
    StudyCost("c_mobilenet_v2", 1.0, 192, 2_314_522, 229_670_912, 250_389_760),
    StudyCost("c_mobilenet_v2", 1.0, 160, 2_314_522, 159_497_600, 173_886_080),
    StudyCost("c_mobilenet_v2", 1.0, 128, 2_314_522, 102_083_072, 111_292_160),
    StudyCost("c_mobilenet_v2", 1.0, 96, 2_314_522, 57_427_328, 62_608_000),
    StudyCost("c_mobilenet_v2", 0.75, 224, 1_323_190, 181_758_048, 202_908_192),
    StudyCost("c_mobilenet_v2", 0.75, 192, 1_323_190, 133_539_072, 149_078_208),
    StudyCost("c_mobilenet_v2", 0.75, 160, 1_323_190, 92_738_400, 103_529_760),
    StudyCost("c_mobilenet_v2", 0.75, 128, 1_323_190, 59_356_032, 66_262_848),
    StudyCost("c_mobilenet_v2", 0.75, 96, 1_323_190, 33_391_968, 37_277_472),
    StudyCost("c_mobilenet_v2", 0.5, 224, 606_994, 86_042_560, 100_142_656),
    StudyCost("c_mobilenet_v2", 0.5, 192, 606_994, 63_216_640, 73_576_064),
    StudyCost("c_mobilenet_v2", 0.5, 160, 606_994, 43_902_400, 51_096_640),
    StudyCost("c_mobilenet_v2", 0.5, 128, 606_994, 28_099_840, 32_704_384),
    StudyCost("c_mobilenet_v2", 0.5, 96, 606_994, 15_808_960, 18_399_296),
    StudyCost("c_mobilenet_v2", 0.35, 224, 306_072, 43_372_126, 52_767_638),
    StudyCost("c_mobilenet_v2", 0.35, 192, 306_072, 31_866_424, 38_769_368),
    StudyCost("c_mobilenet_v2", 0.35, 160, 306_072, 22_130_830, 26_924_678),
    StudyCost("c_mobilenet_v2", 0.35, 128, 306_072, 14_165_344, 17_233_568),
    StudyCost("c_mobilenet_v2", 0.35, 96, 306_072, 7_969_966, 9_696_038),
  ]
}

/// PyTorch's `state_dict` of a network with 10 classes: SHA-256 over a line `name [shape]` for each
/// tensor, in order.
struct StateDictionary: Sendable, CustomTestStringConvertible {
  let model: String
  let width: Double
  let sha256: String

  init(_ model: String, _ width: Double, _ sha256: String) {
    self.model = model
    self.width = width
    self.sha256 = sha256
  }

  var testDescription: String { "\(model) \(width)" }

  static let all: [StateDictionary] = [
    StateDictionary(
      "mobilenet_v1", 1.0, "df509c5a0575695dc4a38b0db28a239aa47d330e1ef41f1de6d636760451c6b6"),
    StateDictionary(
      "mobilenet_v1", 0.75, "82b46f8062eaeff40b0bbc9f3aca49787f484242df2f72bb1d645d8fa27ce4d5"),
    StateDictionary(
      "mobilenet_v1", 0.5, "0340e717ea8e01d9340943abe2f383764967052d845280c9e293e8aea67aad6c"),
    StateDictionary(
      "mobilenet_v1", 0.35, "2f8859a385013e70612258d2e27c607f9970f415634984c09fc09b1845fee913"),
    StateDictionary(
      "mobilenet_v2", 1.0, "1851393caa1ac102bb3a89db3c2ca5dc5ba7f1d47c4db331002f0e9f50f31876"),
    StateDictionary(
      "mobilenet_v2", 0.75, "7dd86fb5892ee250f08d89fe8e1a474f5a7693836d7e2fb37501e7ddc120fb21"),
    StateDictionary(
      "mobilenet_v2", 0.5, "e50df29d9950b2dac7608f2e68b09909c16f9d2827d6d1c564f2ddd6e9649c46"),
    StateDictionary(
      "mobilenet_v2", 0.35, "e93e1a75a5c599cd1eb020dc423d125a7effab4dfa5d13088595ae5e2dcf5b8a"),
    StateDictionary(
      "c_mobilenet_v2", 1.0, "875cc6c090b832b13e80a63e6f7b78d2a4dfd26946bcaf178fc1589f27b233b9"),
    StateDictionary(
      "c_mobilenet_v2", 0.75, "3455ed6cb52e3f9873c3e580dc798ac36a62dba7720f6d4be79f07227e519736"),
    StateDictionary(
      "c_mobilenet_v2", 0.5, "376d7cb2a6955b876e3649c36ebaaf17c1d973bfbe7c8f26411a7580dcd5c2b6"),
    StateDictionary(
      "c_mobilenet_v2", 0.35, "69f2c4de35ce2c92d46f375f8806bba27e53692b486fad9347ea1f8b6d8258b1"),
  ]
}
