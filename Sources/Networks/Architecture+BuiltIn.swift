import Common

extension Architecture {
  /// The built-in architectures, in display order.
  package static let builtIn: [Architecture] = tables.compactMap { table in
    // A test reads all of them.
    try? Architecture(
      table: JSONField(parsing: Array(table.text.utf8), file: "\(table.name).json"))
  }

  /// The tables of the built-in architectures, in the format of a user's file.
  package static let tables: [(name: String, text: String)] = [
    ("mobilenet_v1", PackageResources.mobilenet_v1_json),
    ("mobilenet_v2", PackageResources.mobilenet_v2_json),
    ("c_mobilenet_v2", PackageResources.c_mobilenet_v2_json),
    ("mobilenet_v3_large", PackageResources.mobilenet_v3_large_json),
    ("mobilenet_v3_small", PackageResources.mobilenet_v3_small_json),
    ("mobilenet_v2_tf", PackageResources.mobilenet_v2_tf_json),
    ("mobilenet_v1_keras", PackageResources.mobilenet_v1_keras_json),
    ("mobilenet_v1_pytorch", PackageResources.mobilenet_v1_pytorch_json),
  ].map { ($0, String(decoding: $1, as: UTF8.self)) }

  /// The names of the built-in architectures, in display order.
  package static let names = tables.map(\.name)

  /// The networks of the study, for which `Cost.thopMacs` is defined.
  static let study = ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"]

  /// The built-in architecture of that name, or the one in a file if the name ends in `.json`.
  ///
  /// Throws with the nearest valid name if there is none, or with file, line and row for an error
  /// in a file.
  package static func named(_ name: String) throws(SweepError) -> Architecture {
    if isFile(name) { return try Architecture(contentsOf: name) }
    if let architecture = builtIn.first(where: { $0.name == name }) { return architecture }
    throw SweepError(
      .badInput, "unknown model \(name.shortened.quoted)",
      advice: Spelling.advice(for: name, among: names + ["a network's file (my_net.json)"]))
  }

  /// The table of a built-in architecture or a file, as written.
  ///
  /// Throws as `named` does.
  package static func table(of name: String) throws(SweepError) -> String {
    if let table = tables.first(where: { $0.name == name }) { return table.text }
    _ = try named(name)
    return String(decoding: try InputFile.bytes(at: name, what: "network's file"), as: UTF8.self)
  }

  private static func isFile(_ name: String) -> Bool { name.hasSuffix(".json") }
}

extension Network {
  /// The network of a built-in architecture or a file.
  ///
  /// `width` is the width multiplier α, above 0; `classes` is at least 1. Throws for an unknown
  /// name, a number out of range, or an α that leaves a layer without channels.
  package static func named(
    _ name: String, width: Double, classes: Int, rounding: ChannelRounding = .truncate
  ) throws(SweepError) -> Network {
    try Architecture.named(name).network(width: width, classes: classes, rounding: rounding)
  }
}
