import Common

extension Architecture {
  /// Reads the table in the file at `path`.
  ///
  /// Throws with file, line and row for an invalid table, and for the name of a built-in
  /// architecture.
  package init(contentsOf path: String) throws(SweepError) {
    let bytes = try InputFile.bytes(at: path, what: "network's file")
    try self.init(own: JSONField(parsing: bytes, file: path))
  }

  /// Reads a user's table, which must not have a built-in network's name.
  package init(own table: JSONField) throws(SweepError) {
    try self.init(table: table)
    guard !Self.names.contains(name) else {
      throw try table.object(keys: Self.keys)["name", default: table].error(
        "the name \(name.quoted) belongs to a built-in network", advice: "choose another name")
    }
  }

  static let keys =
    ["$schema", "name", "about", "modules", "initializer", "stem", "stages", "tail", "head"]
    + RowReader.styleKeys + Blocks.defaults

  init(table root: JSONField) throws(SweepError) {
    let fields = try root.object(keys: Self.keys)
    func required(_ key: String) throws(SweepError) -> JSONField {
      guard let field = fields[key] else {
        throw root.missing(key, advice: "a network needs name, stem and stages")
      }
      return field
    }
    _ = try fields["$schema"]?.string()
    _ = try fields["about"]?.string()
    name = try required("name").networkName()
    modules = try fields["modules"]?.oneOf("modules") ?? .featureExt
    initializer = try fields["initializer"]?.oneOf("initializer") ?? .kaimingNormal
    let reader = try RowReader(defaults: fields)
    stem = try reader.convolution(try required("stem").asRow("stem"), kernelSize: 3)
    let rows = try required("stages")
    var stages: [Stage] = []
    for (index, row) in try rows.elements().enumerated() {
      stages.append(try reader.stage(row.asRow("stage \(index + 1)")))
    }
    guard !stages.isEmpty else {
      throw rows.error("there is no stage", advice: "give at least one")
    }
    guard stages.reduce(0, { $0 + $1.repeats }) <= RowReader.maximumRepeats else {
      throw rows.error(
        "the network has more than \(RowReader.maximumRepeats) blocks", advice: "repeat fewer")
    }
    self.stages = stages
    let tailRow = fields["tail"]?.asRow("tail")
    tail = try tailRow.map { row throws(SweepError) in
      try reader.convolution(row, keys: RowReader.tailKeys, kernelSize: 1)
    }
    tailExpansion = try tailRow.flatMap { row throws(SweepError) in
      try reader.tailExpansion(row)
    }
    head = try reader.head(fields["head"]?.asRow("head"))
    canonical = root.value.canonical(without: ["$schema", "about"]).text
  }
}

extension JSONField {
  /// A name that is valid in cell ids and file names.
  fileprivate func networkName() throws(SweepError) -> String {
    let name = try string()
    guard name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_.]{0,63}/) != nil else {
      throw error(
        "the name \(name.shortened.quoted) cannot name a network",
        advice: "use letters, digits, '.' and '_', at most 64, a letter first")
    }
    return name
  }

  func oneOf<Value: RawRepresentable & CaseIterable>(
    _ what: String
  ) throws(SweepError) -> Value where Value.RawValue == String {
    let text = try name(of: what, among: Value.allCases.map(\.rawValue))
    guard let value = Value(rawValue: text) else { throw wrongType("a \(what)") }
    return value
  }
}
