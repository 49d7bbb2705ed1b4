import Common

/// Expansion, depthwise convolution, optional squeeze-and-excitation, linear projection and
/// residual connection: the block of MobileNet V2 (Sandler et al., 2018) and V3 (Howard et al.,
/// 2019).
struct InvertedResidual: Block {
  static let name = "inverted_residual"
  static let keys =
    RowReader.convolutionKeys + ["expansion", "hidden", "squeeze_excitation"] + defaults
  static let defaults = ["expand", "residual", "join_activation"]

  /// The channels between expansion and projection.
  private enum Hidden {
    /// A multiple of the input channels, V2's t.
    case expansion(Double)
    /// The number at width 1, V3's "exp size".
    case channels(Int)
  }

  /// When a block has an expansion convolution.
  enum Expand: String, CaseIterable {
    /// If the hidden channels differ from the input's.
    case whereNeeded = "where_needed"
    case always
  }

  /// When the block's input is added to its output.
  enum Residual: String, CaseIterable {
    /// If the shapes are equal.
    case whereEqual = "where_equal"
    /// In every block; if the shapes differ, through an activated 1×1 convolution with the block's
    /// stride.
    case always
    case never
  }

  /// Options of a row or the top of the table.
  private struct Options {
    var expand = Expand.whereNeeded
    var residual = Residual.whereEqual
    var activation: any Activation = Identity()

    init(_ fields: [String: JSONField]) throws(SweepError) {
      if let field = fields["expand"] { expand = try field.oneOf("expand") }
      if let field = fields["residual"] { residual = try field.oneOf("residual") }
      if let field = fields["join_activation"] { activation = try Activations.read(field) }
    }
  }

  private let channels: Int
  private let kernelSize: Int
  private let stride: Int
  private let style: Architecture.ConvolutionStyle
  private let hidden: Hidden
  /// The squeeze-and-excitation reduction factor of the hidden channels, if any.
  private let reduction: Int?
  private let options: Options

  var narrowest: Double {
    guard case .channels(let hidden) = hidden else { return Double(channels) }
    return min(Double(channels), Double(hidden) / Double(reduction ?? 1))
  }

  static func check(defaults fields: [String: JSONField]) throws(SweepError) {
    _ = try Options(fields)
  }

  init(_ row: BlockRow) throws(SweepError) {
    options = try Options(row.fields)
    hidden = try Self.hidden(row)
    reduction = try row.fields["squeeze_excitation"]?.reduction()
    channels = try row.channels()
    stride = try row.stride()
    kernelSize = try row.oddKernel() ?? 3
    style = row.style
    guard options.residual != .always || style.padding.keepsSize(kernelSize: kernelSize) else {
      throw row.field.error(
        "\"residual\": \"always\" adds the input to an output that the \(kernelSize)×\(kernelSize)"
          + " kernel without padding makes smaller",
        advice: "use another padding, kernel 1, or another residual")
    }
  }

  private static func hidden(_ row: BlockRow) throws(SweepError) -> Hidden {
    switch (row.fields["expansion"], row.fields["hidden"]) {
    case (let expansion?, nil):
      return .expansion(
        try expansion.number("expansion", "above 0 and at most 64") { $0 > 0 && $0 <= 64 })
    case (nil, let hidden?): return .channels(try hidden.integer(in: 1...65536, "hidden"))
    case (let expansion, _):
      throw row.field.error(
        expansion == nil
          ? "the key \"expansion\" or \"hidden\" is missing"
          : "both \"expansion\" and \"hidden\" are given",
        advice: "give either an expansion factor or hidden channels")
    }
  }

  func append(to builder: inout NetworkBuilder, isFirst: Bool) throws(SweepError) {
    let (input, inputChannels) = (builder.newest, builder.channels)
    let stride = isFirst ? stride : 1
    let output = try builder.scaled(channels)
    let hidden =
      switch hidden {
      case .expansion(let factor):
        try builder.checked(
          builder.rounding.hiddenChannels(inputChannels, expansion: factor),
          by: "\(inputChannels) × \(factor)")
      case .channels(let count): try builder.scaled(count)
      }
    var place = 0
    func nextNames(_ builder: NetworkBuilder) -> ModuleNames.ConvolutionNames {
      defer { place += 1 }
      return builder.convolution(
        "res_block.\(place)", "residual.\(place)",
        (convolution: "conv\(place + 1)", batchNorm: "bn\(place + 1)"))
    }
    if options.expand == .always || hidden != inputChannels {
      builder.append(nextNames(builder), channels: hidden, style: style)
    }
    builder.append(
      nextNames(builder), channels: hidden, kernelSize: kernelSize, stride: stride,
      depthwise: true, style: style)
    if let reduction {
      let gate = builder.module("res_block.\(place)", "residual.\(place)", "se")
      // The width multiplier is already included in the hidden channels.
      let reduced = builder.rounding.channels(hidden / reduction, width: 1)
      builder.squeezeExcitation(
        gate, channels: try builder.checked(reduced, by: "\(hidden) / \(reduction)", in: gate))
      place += 1
    }
    var linear = style
    linear.activation = Identity()
    builder.append(nextNames(builder), channels: output, style: linear)
    let keepsShape =
      stride == 1 && inputChannels == output && style.padding.keepsSize(kernelSize: kernelSize)
    if keepsShape && options.residual != .never {
      builder.append(
        Add(activation: options.activation), builder.block, inputs: [builder.newest, input])
    } else if options.residual == .always {
      let projection = builder.newest
      let names = builder.convolution(
        "downsample", "downsample", (convolution: "conv_down", batchNorm: "bn_down"))
      builder.append(names, channels: output, stride: stride, style: style, from: input)
      builder.append(
        Add(activation: options.activation), builder.block, inputs: [builder.newest, projection])
    }
  }
}

extension JSONField {
  /// The squeeze-and-excitation reduction factor; `false` for none.
  fileprivate func reduction() throws(SweepError) -> Int? {
    if case .boolean(false) = value.kind { return nil }
    return try integer(in: 1...1024, "squeeze_excitation")
  }
}
