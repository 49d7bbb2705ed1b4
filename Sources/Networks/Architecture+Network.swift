import Common

extension Architecture {
  /// The widest multiplier that is taken; far beyond any use, it keeps every count within an `Int`.
  public static let maximumWidth = 100.0

  /// The network with `width` times the table's channels and `classes` outputs.
  ///
  /// Parameter names are those that PyTorch gives the modules `stem`, `feature_ext`, `tail` and
  /// `classifier`. Throws a `SweepError` for an impossible number or a width that leaves a layer
  /// without channels.
  public func network(
    width: Double, classes: Int, rounding: ChannelRounding = .truncate
  ) throws(SweepError) -> Network {
    guard width > 0, width <= Self.maximumWidth else {
      throw SweepError(
        .badInput, "\(name) cannot have width \(width)",
        advice: "a width multiplier is above 0 and at most \(Self.maximumWidth)")
    }
    guard classes > 0 else {
      throw SweepError(
        .badInput, "\(name) cannot tell \(classes) classes apart", advice: "give at least 1 class")
    }
    var builder = NetworkBuilder(architecture: self, width: width, rounding: rounding)
    try builder.unit("stem", stem, channels: builder.scaled(stem.channels, in: "stem"))
    var index = 0
    for stage in stages {
      for repetition in 0..<stage.repeats {
        let module = "feature_ext.\(index)"
        try builder.block(stage, module, stride: repetition == 0 ? stage.stride : 1)
        index += 1
      }
    }
    if let tail {
      let channels = rounding.tailChannels(tail.channels, width: width)
      builder.unit("tail", tail, channels: try builder.checked(channels, tail.channels, in: "tail"))
    }
    builder.classifier(classes: classes)
    return Network(name: name, width: width, classes: classes, nodes: builder.nodes)
  }

  /// The fewest channels of any row.
  fileprivate var narrowest: Int {
    ([stem.channels] + stages.map(\.channels) + [tail?.channels].compactMap { $0 }).min() ?? 1
  }
}

/// Appends a table's rows to a graph; `channels` are those of the newest value.
private struct NetworkBuilder {
  let architecture: Architecture
  let width: Double
  let rounding: ChannelRounding
  var nodes: [Network.Node] = []
  var channels = 3

  init(architecture: Architecture, width: Double, rounding: ChannelRounding) {
    self.architecture = architecture
    self.width = width
    self.rounding = rounding
  }

  /// The table's channels at this width, at least 1.
  func scaled(_ channels: Int, in module: String) throws(SweepError) -> Int {
    try checked(rounding.channels(channels, width: width), channels, in: module)
  }

  func checked(_ scaled: Int, _ base: Int, in module: String) throws(SweepError) -> Int {
    guard scaled > 0 else {
      throw SweepError(
        .badInput,
        "width \(width) leaves \(module) of \(architecture.name) without channels"
          + " (\(base) × \(width) is below 1)",
        advice: "use a width of at least \(1 / Double(architecture.narrowest))")
    }
    return scaled
  }

  mutating func unit(_ module: String, _ row: Architecture.UnitRow, channels: Int) {
    append(module, channels: channels, kernelSize: row.kernelSize, stride: row.stride)
  }

  mutating func block(
    _ stage: Architecture.Stage, _ module: String, stride: Int
  ) throws(SweepError) {
    let output = try scaled(stage.channels, in: module)
    switch stage.block {
    case .depthwiseSeparable:
      append(
        "\(module).depthwise", channels: channels, kernelSize: 3, stride: stride, depthwise: true)
      append("\(module).pointwise", channels: output)
    case .invertedResidual(let expansion):
      let (input, inputChannels) = (nodes.count, channels)
      inverted(module, expansion: expansion, output: output, stride: stride)
      if stride == 1 && inputChannels == output { join(module, with: input, .identity) }
    case .customInvertedResidual(let expansion):
      let (input, inputChannels) = (nodes.count, channels)
      inverted(module, expansion: expansion, output: output, stride: stride)
      let residual = nodes.count
      if stride == 1 && inputChannels == output {
        join(module, with: input, .leakyReLU(slope: 0.01))
      } else {
        channels = inputChannels
        append("\(module).downsample", channels: output, stride: stride, from: input)
        join(module, with: residual, .leakyReLU(slope: 0.01))
      }
    }
  }

  /// Expansion, depthwise, linear projection.
  private mutating func inverted(_ module: String, expansion: Int, output: Int, stride: Int) {
    var index = 0
    func next() -> String {
      defer { index += 1 }
      return "\(module).res_block.\(index)"
    }
    let hidden = channels * expansion
    if expansion != 1 { append(next(), channels: hidden) }
    append(next(), channels: hidden, kernelSize: 3, stride: stride, depthwise: true)
    append(next(), channels: output, activation: .identity)
  }

  /// The sum of the newest value and `other`.
  private mutating func join(_ module: String, with other: Int, _ activation: Activation) {
    nodes.append(.init(.join(activation), inputs: [nodes.count, other], name: module))
  }

  /// A unit that reads value `input`, the newest one if nil.
  private mutating func append(
    _ module: String, channels output: Int, kernelSize: Int = 1, stride: Int = 1,
    depthwise: Bool = false, activation: Activation? = nil, from input: Int? = nil
  ) {
    let unit = Unit(
      convolution: Conv2d(
        inputChannels: channels, outputChannels: output, kernelSize: kernelSize, stride: stride,
        padding: .symmetric((kernelSize - 1) / 2), groups: depthwise ? channels : 1),
      convolutionName: "\(module).conv_block.0", batchNorm: architecture.batchNorm,
      batchNormName: "\(module).conv_block.1", activation: activation ?? architecture.activation)
    nodes.append(.init(.unit(unit), inputs: [input ?? nodes.count], name: module))
    channels = output
  }

  mutating func classifier(classes: Int) {
    nodes.append(.init(.globalAveragePool, inputs: [nodes.count], name: "classifier.0"))
    let linear = Linear(inputFeatures: channels, outputFeatures: classes, name: "classifier.2")
    nodes.append(.init(.linear(linear), inputs: [nodes.count], name: linear.name))
  }
}
