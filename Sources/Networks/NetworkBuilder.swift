import Common

package struct NetworkBuilder {
  private let architecture: Architecture
  private let width: Double
  let rounding: ChannelRounding
  private(set) var nodes: [Network.Node] = []
  private var channelCounts = [3]
  /// The module of the current block, stem, tail or head.
  private(set) var block = ""
  private var isInBlock = false
  private var blocks = 0
  private var row: String?

  private var names: ModuleNames { architecture.modules }
  var newest: Int { nodes.count }
  var channels: Int { channelCounts[newest] }

  init(architecture: Architecture, width: Double, rounding: ChannelRounding) {
    self.architecture = architecture
    self.width = width
    self.rounding = rounding
  }

  mutating func stem() throws(SweepError) {
    let row = architecture.stem
    enter(names.stem.module, row: row.row)
    append(
      names.stem, channels: try scaled(row.channels), kernelSize: row.kernelSize,
      stride: row.stride, style: row.style)
  }

  mutating func tail() throws(SweepError) {
    guard let row = architecture.tail else { return }
    enter(names.tail.module, row: row.row)
    let output = rounding.tailChannels(
      row.channels, width: width, input: channels, expansion: architecture.tailExpansion)
    append(
      names.tail, channels: try checked(output, by: "\(row.channels) × \(width)"),
      kernelSize: row.kernelSize, stride: row.stride, style: row.style)
  }

  mutating func stage(_ stage: Architecture.Stage, row: Int) throws(SweepError) {
    for repetition in 0..<stage.repeats {
      enter(
        names.block(blocks, row: row, repetition: repetition, repeats: stage.repeats),
        row: stage.row, isBlock: true)
      try stage.block.append(to: &self, isFirst: repetition == 0)
      blocks += 1
    }
  }

  mutating func head(classes: Int, dropout: Float) throws(SweepError) {
    let head = architecture.head
    enter(names.pool, row: head.row)
    append(GlobalAveragePool(), names.pool)
    for (index, features) in head.hidden.enumerated() {
      let name = names.hidden(index)
      linear(name, try scaled(features, in: name), head.activation)
    }
    let (hidden, hasDropout) = (head.hidden.count, head.dropout > 0)
    if dropout > 0 {
      append(Dropout(dropout), names.dropout(hidden: hidden, hasDropout: hasDropout))
    }
    linear(names.classifier(hidden: hidden, hasDropout: hasDropout), classes, Identity())
  }

  private mutating func enter(_ module: String, row: String?, isBlock: Bool = false) {
    block = module
    isInBlock = isBlock
    // Built-in tables have no file that users know.
    self.row = Architecture.names.contains(architecture.name) ? nil : row
  }
}

// MARK: Layers for blocks

extension NetworkBuilder {
  /// The names of a convolution of the block, below the block's module, under each naming scheme;
  /// an empty name stands for the block itself.
  func convolution(
    _ featureExt: String, _ bottlenecks: String,
    _ dsConv: (convolution: String, batchNorm: String)
  ) -> ModuleNames.ConvolutionNames {
    names.convolution(block, featureExt, bottlenecks, dsConv)
  }

  /// The name of another module of the block under each naming scheme.
  func module(_ featureExt: String, _ bottlenecks: String, _ dsConv: String) -> String {
    names.module(block, featureExt, bottlenecks, dsConv)
  }

  /// Appends a convolution with normalization and activation that reads value `input`, by default
  /// the newest one.
  mutating func append(
    _ names: ModuleNames.ConvolutionNames, channels output: Int, kernelSize: Int = 1,
    stride: Int = 1,
    depthwise: Bool = false, style: Architecture.ConvolutionStyle, from input: Int? = nil
  ) {
    let channels = input.map { channelCounts[$0] } ?? channels
    let operation = ConvBNAct(
      convolution: Conv2d(
        inputChannels: channels, outputChannels: output, kernelSize: kernelSize, stride: stride,
        padding: style.padding.padding(kernelSize: kernelSize),
        groups: depthwise ? channels : 1, bias: style.bias),
      convolutionName: names.convolution, batchNorm: style.batchNorm,
      batchNormName: names.batchNorm, activation: style.activation)
    append(operation, names.module, inputs: [input ?? newest], channels: output)
  }

  /// Appends squeeze-and-excitation of the newest value: each channel is multiplied by a gate that
  /// depends on the means of all channels (Hu et al., 2018; the hard sigmoid is MobileNet V3's).
  mutating func squeezeExcitation(_ module: String, channels reduced: Int) {
    let (map, width) = (newest, channels)
    append(GlobalAveragePool(), "\(module).squeeze")
    linear("\(module).excitation.0", reduced, ReLU())
    linear("\(module).excitation.2", width, HardSigmoid())
    append(Multiply(), module, inputs: [map, newest])
  }

  mutating func linear(_ name: String, _ features: Int, _ activation: any Activation) {
    append(
      Linear(
        inputFeatures: channels, outputFeatures: features, name: name, activation: activation),
      name, channels: features)
  }

  /// Appends a layer that reads `inputs`, by default the newest value; `channels` is needed if the
  /// output channels differ from the input's.
  mutating func append(
    _ operation: any Operation, _ name: String, inputs: [Int]? = nil, channels: Int? = nil
  ) {
    nodes.append(
      .init(
        operation, inputs: inputs ?? [newest], name: name, block: isInBlock ? block : nil, row: row)
    )
    channelCounts.append(channels ?? channelCounts[nodes[newest - 1].inputs[0]])
  }

  func scaled(_ channels: Int, in module: String? = nil) throws(SweepError) -> Int {
    try checked(
      rounding.channels(channels, width: width), by: "\(channels) × \(width)", in: module)
  }

  /// Checks that `channels` is at least 1; `rule` describes its origin.
  func checked(
    _ channels: Int, by rule: String, in module: String? = nil
  ) throws(SweepError) -> Int {
    let place = row.map { " (\($0))" } ?? ""
    let layer = "\(module ?? block) of \(architecture.name)\(place)"
    guard channels > 0 else {
      throw SweepError(
        .badInput, "width \(width) leaves \(layer) without channels (\(rule) is below 1)",
        advice: "use a width of at least \(1 / architecture.narrowest)")
    }
    guard channels <= Architecture.maximumChannels else {
      throw SweepError(
        .badInput, "width \(width) gives \(layer) \(Format.grouped(channels)) channels (\(rule))",
        advice: "use at most \(Architecture.maximumChannels)")
    }
    return channels
  }
}
