import Common

/// Reads a table's rows; what a row does not say is as the table's defaults have it.
struct RowReader {
  typealias Inverted = Architecture.InvertedResidual

  /// What every unit has; in a row, or for all of them at the top of the table.
  static let styleKeys = ["activation", "batch_norm", "bias", "padding"]
  /// What inverted residuals have beside; in a row, or for all of them at the top of the table.
  static let invertedDefaults = ["expand", "residual", "join_activation"]
  static let maximumRepeats = 1000

  private static let shapeKeys = ["channels", "kernel", "stride"]
  private static let blocks = ["conv", "depthwise_separable", "inverted_residual"]
  private static let invertedKeys =
    ["expansion", "hidden", "squeeze_excitation"] + invertedDefaults
  /// The keys of a stem.
  static let unitKeys = shapeKeys + styleKeys
  /// The keys of a tail.
  static let tailKeys = unitKeys + ["make_divisible"]
  /// The keys of a row.
  static let stageKeys = ["block", "repeats"] + unitKeys + invertedKeys
  /// The keys of a head.
  static let headKeys = ["hidden", "activation", "dropout"]

  private let style: Architecture.UnitStyle
  private let inverted: Inverted

  /// Takes the defaults from the top of the table.
  init(defaults fields: [String: JSONField]) throws(SweepError) {
    style = try Architecture.UnitStyle().changed(by: fields)
    inverted = try Inverted(hidden: .expansion(1)).changed(by: fields)
  }

  /// A unit of its own, the stem or the tail, whose row has no keys but `keys`.
  func unit(
    _ row: JSONField, keys: [String] = unitKeys, kernelSize: Int
  ) throws(SweepError) -> Architecture.UnitRow {
    let fields = try row.object(keys: keys)
    return Architecture.UnitRow(
      channels: try channels(fields, of: row), kernelSize: try kernel(fields) ?? kernelSize,
      stride: try stride(fields), style: try style.changed(by: fields))
  }

  /// The multiple of its input's channels that a tail has under `make_divisible`.
  func tailExpansion(_ row: JSONField) throws(SweepError) -> Int? {
    guard let field = try row.object(keys: Self.tailKeys)["make_divisible"] else { return nil }
    guard let expansion = try field.object(keys: ["expansion"])["expansion"] else {
      throw field.missing("expansion", advice: "write {\"expansion\": 6}")
    }
    return try expansion.integer(in: 1...64, "expansion")
  }

  /// One row of the table.
  func stage(_ row: JSONField) throws(SweepError) -> Architecture.Stage {
    let fields = try row.object(keys: Self.stageKeys)
    guard let block = fields["block"] else {
      throw row.missing("block", advice: "valid: " + Self.blocks.joined(separator: ", "))
    }
    let name = try block.name(of: "block", among: Self.blocks)
    if name != "inverted_residual", let key = Self.invertedKeys.first(where: { fields[$0] != nil })
    {
      throw (fields[key] ?? row).error(
        "a \(name) block has no \(key.quoted)", advice: "remove it, or use inverted_residual")
    }
    return Architecture.Stage(
      block: try self.block(name, fields, row), channels: try channels(fields, of: row),
      repeats: try fields["repeats"]?.integer(in: 1...Self.maximumRepeats, "repeats") ?? 1,
      stride: try stride(fields), kernelSize: try kernel(fields) ?? 3,
      style: try style.changed(by: fields))
  }

  private func block(
    _ name: String, _ fields: [String: JSONField], _ row: JSONField
  ) throws(SweepError) -> Architecture.Block {
    switch name {
    case "conv": return .convolution
    case "depthwise_separable": return .depthwiseSeparable
    default:
      var block = try inverted.changed(by: fields)
      switch (fields["expansion"], fields["hidden"]) {
      case (let expansion?, nil):
        let factor = try expansion.number()
        guard factor > 0, factor <= 64 else {
          throw expansion.error(
            "expansion is \(factor)", advice: "it must be above 0 and at most 64")
        }
        block.hidden = .expansion(factor)
      case (nil, let hidden?):
        block.hidden = .channels(try hidden.integer(in: 1...65536, "hidden"))
      default:
        throw row.error(
          fields["hidden"] == nil
            ? "the key \"expansion\" or \"hidden\" is missing"
            : "both \"expansion\" and \"hidden\" are there",
          advice: "an inverted residual has an expansion factor or hidden channels")
      }
      block.squeezeExcitation = try fields["squeeze_excitation"]?.reduction()
      return .invertedResidual(block)
    }
  }

  /// What follows the pooling.
  func head(_ row: JSONField?) throws(SweepError) -> Architecture.Head {
    var head = Architecture.Head(activation: style.activation)
    guard let fields = try row?.object(keys: Self.headKeys) else {
      return head
    }
    for field in try fields["hidden"]?.elements() ?? [] {
      head.hidden.append(try field.integer(in: 1...65536, "hidden"))
    }
    if let hidden = fields["hidden"], head.hidden.count > 8 {
      throw hidden.error("there are \(head.hidden.count) hidden layers", advice: "give at most 8")
    }
    if let field = fields["activation"] { head.activation = try field.activation() }
    if let field = fields["dropout"] {
      let probability = try field.number()
      guard (0..<1).contains(probability) else {
        throw field.error(
          "dropout is \(probability)", advice: "it must be at least 0 and below 1")
      }
      head.dropout = Float(probability)
    }
    return head
  }

  private func channels(
    _ fields: [String: JSONField], of row: JSONField
  ) throws(SweepError) -> Int {
    guard let field = fields["channels"] else {
      throw row.missing("channels", advice: "give the channels out at width 1")
    }
    return try field.integer(in: 1...65536, "channels")
  }

  private func kernel(_ fields: [String: JSONField]) throws(SweepError) -> Int? {
    guard let field = fields["kernel"] else { return nil }
    let size = try field.integer(in: 1...11, "kernel")
    guard size % 2 == 1 else {
      throw field.error("kernel is \(size)", advice: "it must be odd: 1, 3, 5, 7, 9 or 11")
    }
    return size
  }

  private func stride(_ fields: [String: JSONField]) throws(SweepError) -> Int {
    try fields["stride"]?.integer(in: 1...8, "stride") ?? 1
  }
}

extension Architecture.UnitStyle {
  /// This style but for what the fields say.
  fileprivate func changed(by fields: [String: JSONField]) throws(SweepError) -> Self {
    var style = self
    if let field = fields["activation"] { style.activation = try field.activation() }
    if let field = fields["batch_norm"] { style.batchNorm = try field.batchNorm() }
    if let field = fields["bias"] { style.bias = try field.boolean() }
    if let field = fields["padding"] { style.padding = try field.oneOf("padding") }
    return style
  }
}

extension Architecture.InvertedResidual {
  /// This block but for what the fields say.
  fileprivate func changed(by fields: [String: JSONField]) throws(SweepError) -> Self {
    var block = self
    if let field = fields["expand"] { block.expand = try field.oneOf("expand") }
    if let field = fields["residual"] { block.residual = try field.oneOf("residual") }
    if let field = fields["join_activation"] { block.joinActivation = try field.activation() }
    return block
  }
}

extension JSONField {
  /// An activation: its name, or `{"leaky_relu": slope}`.
  fileprivate func activation() throws(SweepError) -> Activation {
    if case .object = value.kind {
      guard let slope = try object(keys: ["leaky_relu"])["leaky_relu"] else {
        throw error("the activation has no name", advice: "write {\"leaky_relu\": 0.01}")
      }
      let number = try slope.number()
      guard (-1...1).contains(number) else {
        throw slope.error("the slope is \(number)", advice: "it must be from -1 to 1")
      }
      return .leakyReLU(slope: Float(number))
    }
    let names: [(String, Activation)] = [
      ("identity", .identity), ("relu", .relu), ("relu6", .relu6),
      ("leaky_relu", .leakyReLU(slope: 0.01)), ("hard_swish", .hardSwish),
      ("hard_sigmoid", .hardSigmoid),
    ]
    let text = try name(of: "activation", among: names.map(\.0))
    return names.first { $0.0 == text }?.1 ?? .identity
  }

  /// `false` for none, or `{"eps": 1e-5, "momentum": 0.1}` with PyTorch's defaults.
  fileprivate func batchNorm() throws(SweepError) -> BatchNorm2d? {
    if case .boolean(let flag) = value.kind { return flag ? BatchNorm2d() : nil }
    guard case .object = value.kind else {
      throw wrongType("true, false or {\"eps\": …, \"momentum\": …}")
    }
    var batchNorm = BatchNorm2d()
    for (key, field) in try object(keys: ["eps", "momentum"]) {
      let number = try field.number()
      guard number > 0, number <= 1 else {
        throw field.error(
          "\(key) is \(number)",
          advice: "it must be above 0 and at most 1; momentum is the newest batch's weight")
      }
      if key == "eps" {
        batchNorm.epsilon = Float(number)
      } else {
        batchNorm.momentum = Float(number)
      }
    }
    return batchNorm
  }

  /// By how much squeeze-and-excitation reduces the channels; `false` for none.
  fileprivate func reduction() throws(SweepError) -> Int? {
    if case .boolean(false) = value.kind { return nil }
    return try integer(in: 1...1024, "squeeze_excitation")
  }
}
