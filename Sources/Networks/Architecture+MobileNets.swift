import Common

extension Architecture {
  /// The architectures that have a name, in the order in which they are listed to users.
  public static let builtIn = [mobileNetV1, mobileNetV2, customMobileNetV2]

  /// The names of the networks of the study that the convention of `Cost.thopMacs` is defined for.
  static let study = ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"]

  /// MobileNet V1: Howard et al., "MobileNets: Efficient convolutional neural networks for mobile
  /// vision applications" (2017), table 1.
  public static let mobileNetV1 = Architecture(
    name: "mobilenet_v1",
    stem: UnitRow(channels: 32, kernelSize: 3, stride: 2),
    stages: [
      Stage(.depthwiseSeparable, channels: 64, repeats: 1, stride: 1),
      Stage(.depthwiseSeparable, channels: 128, repeats: 2, stride: 2),
      Stage(.depthwiseSeparable, channels: 256, repeats: 2, stride: 2),
      Stage(.depthwiseSeparable, channels: 512, repeats: 6, stride: 2),
      Stage(.depthwiseSeparable, channels: 1024, repeats: 2, stride: 2),
    ])

  /// MobileNet V2: Sandler et al., "MobileNetV2: Inverted residuals and linear bottlenecks" (2018),
  /// table 2.
  public static let mobileNetV2 = Architecture(
    name: "mobilenet_v2",
    stem: UnitRow(channels: 32, kernelSize: 3, stride: 2),
    stages: [
      Stage(.invertedResidual(expansion: 1), channels: 16, repeats: 1, stride: 1),
      Stage(.invertedResidual(expansion: 6), channels: 24, repeats: 2, stride: 2),
      Stage(.invertedResidual(expansion: 6), channels: 32, repeats: 3, stride: 2),
      Stage(.invertedResidual(expansion: 6), channels: 64, repeats: 4, stride: 2),
      Stage(.invertedResidual(expansion: 6), channels: 96, repeats: 3, stride: 1),
      Stage(.invertedResidual(expansion: 6), channels: 160, repeats: 3, stride: 2),
      Stage(.invertedResidual(expansion: 6), channels: 320, repeats: 1, stride: 1),
    ],
    tail: UnitRow(channels: 1280, kernelSize: 1, stride: 1))

  /// The study's variant of MobileNet V2: its rows, with a residual connection in every block.
  public static let customMobileNetV2 = Architecture(
    name: "c_mobilenet_v2",
    stem: UnitRow(channels: 32, kernelSize: 3, stride: 2),
    stages: [
      Stage(.customInvertedResidual(expansion: 1), channels: 16, repeats: 1, stride: 1),
      Stage(.customInvertedResidual(expansion: 6), channels: 24, repeats: 2, stride: 2),
      Stage(.customInvertedResidual(expansion: 6), channels: 32, repeats: 3, stride: 2),
      Stage(.customInvertedResidual(expansion: 6), channels: 64, repeats: 4, stride: 2),
      Stage(.customInvertedResidual(expansion: 6), channels: 96, repeats: 3, stride: 1),
      Stage(.customInvertedResidual(expansion: 6), channels: 160, repeats: 3, stride: 2),
      Stage(.customInvertedResidual(expansion: 6), channels: 320, repeats: 1, stride: 1),
    ],
    tail: UnitRow(channels: 1280, kernelSize: 1, stride: 1))

  /// The built-in architecture of that name.
  ///
  /// Throws a `SweepError` with the nearest valid spelling where there is none.
  public static func named(_ name: String) throws(SweepError) -> Architecture {
    if let architecture = builtIn.first(where: { $0.name == name }) { return architecture }
    throw SweepError(
      .badInput, "unknown model \"\(name)\"",
      advice: Spelling.advice(for: name, among: builtIn.map(\.name)))
  }
}

extension Network {
  /// The network of a built-in architecture (`mobilenet_v1`, `mobilenet_v2`, `c_mobilenet_v2`).
  ///
  /// `width` is the width multiplier α, above 0; `classes` is at least 1. Throws a `SweepError` for
  /// an unknown name, an impossible number, or an α that leaves a layer without channels.
  public static func named(
    _ name: String, width: Double, classes: Int, rounding: ChannelRounding = .truncate
  ) throws(SweepError) -> Network {
    try Architecture.named(name).network(width: width, classes: classes, rounding: rounding)
  }
}
