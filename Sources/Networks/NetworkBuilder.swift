import Common

/// Appends a table's rows to a graph; `channels` are those of the newest value.
struct NetworkBuilder {
  private let architecture: Architecture
  private let width: Double
  private let rounding: ChannelRounding
  private(set) var nodes: [Network.Node] = []
  private var channels = 3
  private var blocks = 0
  /// The block that nodes are appended to; nil outside.
  private var block: String?

  private var names: ModuleNames { architecture.modules }

  init(architecture: Architecture, width: Double, rounding: ChannelRounding) {
    self.architecture = architecture
    self.width = width
    self.rounding = rounding
  }

  mutating func stem() throws(SweepError) {
    let row = architecture.stem
    let output = try scaled(row.channels, in: names.stem.module)
    append(
      names.stem, channels: output, kernelSize: row.kernelSize, stride: row.stride,
      style: row.style)
  }

  mutating func tail() throws(SweepError) {
    guard let row = architecture.tail else { return }
    let output = rounding.tailChannels(
      row.channels, width: width, input: channels, expansion: architecture.tailExpansion)
    append(
      names.tail, channels: try checked(output, row.channels, in: names.tail.module),
      kernelSize: row.kernelSize, stride: row.stride, style: row.style)
  }

  mutating func stage(_ stage: Architecture.Stage, row: Int) throws(SweepError) {
    for repetition in 0..<stage.repeats {
      let name = names.block(blocks, row: row, repetition: repetition, repeats: stage.repeats)
      block = name
      let output = try scaled(stage.channels, in: name)
      let stride = repetition == 0 ? stage.stride : 1
      switch stage.block {
      case .convolution:
        append(
          names.unit(name, .single), channels: output, kernelSize: stage.kernelSize,
          stride: stride, style: stage.style)
      case .depthwiseSeparable:
        append(
          names.unit(name, .depthwise), channels: channels, kernelSize: stage.kernelSize,
          stride: stride, depthwise: true, style: stage.style)
        append(names.unit(name, .pointwise), channels: output, style: stage.style)
      case .invertedResidual(let shape):
        try inverted(name, shape, stage, output: output, stride: stride)
      }
      blocks += 1
    }
    block = nil
  }

  mutating func head(classes: Int, dropout: Float) throws(SweepError) {
    let head = architecture.head
    append(.globalAveragePool, names.pool)
    for (index, features) in head.hidden.enumerated() {
      let name = names.hidden(index)
      linear(name, try scaled(features, in: name), head.activation)
    }
    let (hidden, hasDropout) = (head.hidden.count, head.dropout > 0)
    if dropout > 0 {
      append(.dropout(dropout), names.dropout(hidden: hidden, hasDropout: hasDropout))
    }
    linear(names.classifier(hidden: hidden, hasDropout: hasDropout), classes, .identity)
  }

  /// Expansion, depthwise, squeeze-and-excitation, linear projection, residual connection.
  private mutating func inverted(
    _ name: String, _ shape: Architecture.InvertedResidual, _ stage: Architecture.Stage,
    output: Int, stride: Int
  ) throws(SweepError) {
    let (input, inputChannels) = (nodes.count, channels)
    var layer = 0
    let hidden =
      switch shape.hidden {
      case .expansion(let factor):
        try checked(
          rounding.hiddenChannels(channels, expansion: factor), by: "\(channels) × \(factor)",
          in: name)
      case .channels(let count): try scaled(count, in: name)
      }
    if shape.expand == .always || hidden != channels {
      append(names.unit(name, .layer(layer)), channels: hidden, style: stage.style)
      layer += 1
    }
    append(
      names.unit(name, .layer(layer)), channels: hidden, kernelSize: stage.kernelSize,
      stride: stride, depthwise: true, style: stage.style)
    layer += 1
    if let reduction = shape.squeezeExcitation {
      let gate = names.gate(name, at: layer)
      // Its channels follow from the hidden ones, which the width has scaled already.
      let reduced = rounding.channels(hidden / reduction, width: 1)
      squeezeExcitation(
        gate, channels: try checked(reduced, by: "\(hidden) / \(reduction)", in: gate))
      layer += 1
    }
    var linear = stage.style
    linear.activation = .identity
    append(names.unit(name, .layer(layer)), channels: output, style: linear)
    let sameShape = stride == 1 && inputChannels == output
    if sameShape && shape.residual != .never {
      append(.join(shape.joinActivation), name, inputs: [nodes.count, input])
    } else if shape.residual == .always {
      let projection = nodes.count
      channels = inputChannels
      append(
        names.unit(name, .downsample), channels: output, stride: stride, style: stage.style,
        from: input)
      append(.join(shape.joinActivation), name, inputs: [nodes.count, projection])
    }
  }

  /// The newest value, each channel times a gate that its mean and those of the others decide (Hu
  /// et al., "Squeeze-and-excitation networks", 2018; the hard sigmoid is MobileNet V3's).
  private mutating func squeezeExcitation(_ module: String, channels reduced: Int) {
    let (map, width) = (nodes.count, channels)
    append(.globalAveragePool, "\(module).squeeze")
    linear("\(module).excitation.0", reduced, .relu)
    linear("\(module).excitation.2", width, .hardSigmoid)
    append(.scale, module, inputs: [map, nodes.count])
  }

  private mutating func linear(_ name: String, _ features: Int, _ activation: Activation) {
    let linear = Linear(
      inputFeatures: channels, outputFeatures: features, name: name, activation: activation)
    append(.linear(linear), name)
    channels = features
  }

  /// A unit that reads value `input`, the newest one if nil.
  private mutating func append(
    _ names: ModuleNames.UnitNames, channels output: Int, kernelSize: Int = 1, stride: Int = 1,
    depthwise: Bool = false, style: Architecture.UnitStyle, from input: Int? = nil
  ) {
    let unit = Unit(
      convolution: Conv2d(
        inputChannels: channels, outputChannels: output, kernelSize: kernelSize, stride: stride,
        padding: style.padding.padding(kernelSize: kernelSize),
        groups: depthwise ? channels : 1, bias: style.bias),
      convolutionName: names.convolution, batchNorm: style.batchNorm,
      batchNormName: names.batchNorm, activation: style.activation)
    append(.unit(unit), names.module, inputs: [input ?? nodes.count])
    channels = output
  }

  /// A node that reads the newest value unless `inputs` names others.
  private mutating func append(
    _ operation: Network.Operation, _ name: String, inputs: [Int]? = nil
  ) {
    nodes.append(.init(operation, inputs: inputs ?? [nodes.count], name: name, block: block))
  }

  /// The table's channels at this width.
  private func scaled(_ channels: Int, in module: String) throws(SweepError) -> Int {
    try checked(rounding.channels(channels, width: width), channels, in: module)
  }

  private func checked(
    _ scaled: Int, _ base: Int, in module: String
  ) throws(SweepError) -> Int {
    try checked(scaled, by: "\(base) × \(width)", in: module)
  }

  /// `channels`, at least 1; `rule` tells where they come from.
  private func checked(
    _ channels: Int, by rule: String, in module: String
  ) throws(SweepError) -> Int {
    guard channels > 0 else {
      throw SweepError(
        .badInput,
        "width \(width) leaves \(module) of \(architecture.name) without channels"
          + " (\(rule) is below 1)",
        advice: "use a width of at least \(1 / architecture.narrowest)")
    }
    guard channels <= Architecture.maximumChannels else {
      throw SweepError(
        .badInput,
        "width \(width) gives \(module) of \(architecture.name) \(Format.grouped(channels))"
          + " channels (\(rule))", advice: "at most \(Architecture.maximumChannels) are taken")
    }
    return channels
  }
}
