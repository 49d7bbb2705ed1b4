import Common

/// The recipe of a cell in a store of schema 1 to 5.
///
/// There, the experiment had a text with one line `path = value` per shared setting, and each cell
/// had its values of the further axes.
struct LegacyRecipe {
  /// The settings as a recipe text of this cell alone would have them.
  private let lines: [String: String]
  private let model: String

  /// `axes` is a JSON object of the cell's further axes; `text` is the experiment's recipe.
  init(_ text: String, model: String, axes: String) {
    self.model = model
    var shared: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let equals = line.firstRange(of: " = ") else { continue }
      shared[String(line[..<equals.lowerBound])] = String(line[equals.upperBound...])
    }
    let own = Self.values(axes)
    // If an axis chooses an optimizer or schedule, the text has the settings of each:
    // `optimizer.sgd.momentum`.
    for (path, value) in own where path.hasSuffix(".name") {
      let section = path.dropLast("name".count)
      let chosen = section + value.replacing("\"", with: "") + "."
      for (path, value) in shared where path.hasPrefix(section) {
        guard path.dropFirst(section.count).contains(".") else { continue }
        shared[path] = nil
        if path.hasPrefix(chosen) { shared["\(section)\(path.dropFirst(chosen.count))"] = value }
      }
    }
    shared.merge(own) { $1 }
    lines = shared.filter { path, value in
      if path.hasPrefix("model.") { return path == "model.\(model)" }
      // Other cells with the same text may have the settings that these depend on.
      if path == "schedule.warmup_start" { return (shared["schedule.warmup"] ?? "0") != "0" }
      if path == "schedule.by" {
        return (shared["schedule.warmup"] ?? "0") != "0"
          || (shared["schedule.name"] ?? Self.constant) != Self.constant
      }
      return Self.omitted[path] != value
    }
  }

  /// SHA-256 of the cell's recipe text, which identifies it in checkpoints and weights.
  var sha256: String {
    SHA256.hash(
      lines.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)\n" }.joined().utf8)
  }

  /// The settings in the form of `CellRecipe`, without the basic axes.
  var settings: [String: JSON] {
    var settings: [String: JSON] = ["model": .string(model)]
    for (path, value) in lines {
      guard let json = try? JSONParser.parse(Array(value.utf8), file: "") else { continue }
      settings[path == "model.\(model)" ? CellRecipe.network : path] = json.canonical()
    }
    // The text omitted a weight decay of 0, which is not AdamW's default.
    settings["optimizer.weight_decay"] = settings["optimizer.weight_decay"] ?? .integer(0)
    if lines.keys.contains(where: { $0.hasPrefix("initial_weights.") }),
      settings[CellRecipe.source] == nil
    {
      settings[CellRecipe.source] = .null
    }
    return settings
  }

  private static let constant = "\"constant\""
  /// Settings that the text omitted at these values.
  private static let omitted = [
    "label_smoothing": "0.0", "optimizer.weight_decay": "0.0", "schedule.warmup": "0",
    "schedule.name": constant,
  ]

  /// The values of further axes as in a recipe text, by path.
  private static func values(_ axes: String) -> [String: String] {
    guard let root = try? JSONParser.parse(Array(axes.utf8), file: ""),
      case .object(let members) = root.kind
    else { return [:] }
    var values: [String: String] = [:]
    for member in members {
      switch member.value.kind {
      case .string(let text) where member.key == "optimizer.betas":
        values[member.key] = "\(text.split(separator: "_").compactMap { Double($0) })"
      case .string(let text) where member.key == "schedule.milestones":
        values[member.key] = "\(text.split(separator: "_").compactMap { Int($0) })"
      case .string(let text): values[member.key] = text.quoted
      case .number(let digits): values[member.key] = digits
      case .boolean(let flag): values[member.key] = "\(flag)"
      case .null, .array, .object: break
      }
    }
    return values
  }
}
