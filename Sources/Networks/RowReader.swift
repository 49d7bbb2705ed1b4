import Common

/// Reads a table's rows; the table's defaults apply to missing keys.
struct RowReader {
  /// The keys of convolutions, in a row or as defaults at the top of the table.
  static let styleKeys = ["activation", "batch_norm", "bias", "padding"]
  static let maximumRepeats = 1000
  static let convolutionKeys = ["channels", "kernel", "stride"] + styleKeys
  static let tailKeys = convolutionKeys + ["make_divisible"]
  static let headKeys = ["hidden", "activation", "dropout"]
  /// The keys of any block's row.
  static let stageKeys = Blocks.all.reduce(into: ["block", "repeats"]) { keys, block in
    keys += block.keys.filter { !keys.contains($0) }
  }

  private let style: Architecture.ConvolutionStyle
  /// What is at the top of the table for blocks to take.
  private let defaults: [String: JSONField]

  /// Reads the defaults from the top of the table.
  init(defaults fields: [String: JSONField]) throws(SweepError) {
    style = try Architecture.ConvolutionStyle().changed(by: fields)
    defaults = fields.filter { Blocks.defaults.contains($0.key) }
    for block in Blocks.all { try block.check(defaults: defaults) }
  }

  /// The stem or the tail, whose row has no keys but `keys`.
  func convolution(
    _ row: JSONField, keys: [String] = convolutionKeys, kernelSize: Int
  ) throws(SweepError) -> Architecture.ConvolutionRow {
    try self.row(row, keys: keys).convolution(kernelSize: kernelSize)
  }

  /// The tail's channels under `make_divisible` as a multiple of its input's.
  func tailExpansion(_ row: JSONField) throws(SweepError) -> Int? {
    guard let field = try row.object(keys: Self.tailKeys)["make_divisible"] else { return nil }
    guard let expansion = try field.object(keys: ["expansion"])["expansion"] else {
      throw field.missing("expansion", advice: "write {\"expansion\": 6}")
    }
    return try expansion.integer(in: 1...64, "expansion")
  }

  func stage(_ field: JSONField) throws(SweepError) -> Architecture.Stage {
    let names = Blocks.all.map { $0.name }
    let fields = try field.object(keys: Self.stageKeys)
    guard let block = fields["block"] else {
      throw field.missing("block", advice: "valid: " + names.joined(separator: ", "))
    }
    let name = try block.name(of: "block", among: names)
    guard let type = Blocks.all.first(where: { $0.name == name }) else { throw field.error(name) }
    let own = ["block", "repeats"] + type.keys
    if let key = Self.stageKeys.first(where: { fields[$0] != nil && !own.contains($0) }) {
      let others = Blocks.all.filter { $0.keys.contains(key) }.map { $0.name }
      throw (fields[key] ?? field).error(
        "a \(name) block has no \(key.quoted)",
        advice: "remove it, or use \(others.joined(separator: " or "))")
    }
    return Architecture.Stage(
      block: try type.init(try row(field, keys: Self.stageKeys)),
      repeats: try fields["repeats"]?.integer(in: 1...Self.maximumRepeats, "repeats") ?? 1,
      row: field.location)
  }

  private func row(_ field: JSONField, keys: [String]) throws(SweepError) -> BlockRow {
    let fields = try field.object(keys: keys)
    return BlockRow(
      field: field, fields: defaults.merging(fields) { $1 }, style: try style.changed(by: fields))
  }

  func head(_ row: JSONField?) throws(SweepError) -> Architecture.Head {
    var head = Architecture.Head(activation: style.activation)
    guard let fields = try row?.object(keys: Self.headKeys) else { return head }
    head.row = row?.location
    for field in try fields["hidden"]?.elements() ?? [] {
      head.hidden.append(try field.integer(in: 1...65536, "hidden"))
    }
    if let hidden = fields["hidden"], head.hidden.count > 8 {
      throw hidden.error("there are \(head.hidden.count) hidden layers", advice: "use at most 8")
    }
    if let field = fields["activation"] { head.activation = try Activations.read(field) }
    if let field = fields["dropout"] {
      head.dropout = Float(try field.fraction("dropout"))
    }
    return head
  }
}

extension Architecture.ConvolutionStyle {
  /// This style, changed by what the fields say.
  fileprivate func changed(by fields: [String: JSONField]) throws(SweepError) -> Self {
    var style = self
    if let field = fields["activation"] { style.activation = try Activations.read(field) }
    if let field = fields["batch_norm"] { style.batchNorm = try field.batchNorm() }
    if let field = fields["bias"] { style.bias = try field.boolean() }
    if let field = fields["padding"] { style.padding = try field.oneOf("padding") }
    return style
  }
}

extension JSONField {
  /// `false` for none, or `{"eps": 1e-5, "momentum": 0.1}` with PyTorch's defaults.
  fileprivate func batchNorm() throws(SweepError) -> BatchNorm2d? {
    if case .boolean(let flag) = value.kind { return flag ? BatchNorm2d() : nil }
    guard case .object = value.kind else {
      throw wrongType("true, false or {\"eps\": …, \"momentum\": …}")
    }
    var batchNorm = BatchNorm2d()
    for (key, field) in try object(keys: ["eps", "momentum"]) {
      let number = try field.number(
        key, "above 0 and at most 1; momentum is the newest batch's weight"
      ) { $0 > 0 && $0 <= 1 }
      if key == "eps" {
        batchNorm.epsilon = Float(number)
      } else {
        batchNorm.momentum = Float(number)
      }
    }
    return batchNorm
  }
}
