import Common

/// The settings that determine a cell's results, in canonical form; they identify the cell.
///
/// The text is JSON with the keys of the experiment file, one value per grid axis, and a version:
/// `{"model":"mobilenet_v2","optimizer":{"lr":0.01},…,"version":1}`. Keys are sorted and numbers
/// are in their shortest form. Defaults are omitted, so a setting or axis added later changes no
/// recipe. The image folder and the number of epochs are not included.
package struct CellRecipe: Sendable, Hashable {
  /// The version of the canonical form; it changes with the form or the defaults.
  static let version = 1

  /// The recipe as JSON on one line.
  package let text: String
  package let sha256: String

  /// Creates a recipe from settings by dotted path: `model`, `width`, `resolution`, `seed`,
  /// `optimizer.lr`.
  package init(_ settings: [String: JSON]) {
    let defaults = Self.defaults(optimizer: settings["optimizer.name"])
    var root: [JSON.Member] = [JSON.Member("version", .integer(Self.version))]
    var sections: [String: [JSON.Member]] = [:]
    for (path, value) in settings {
      let value = value.canonical
      guard defaults[path] != value else { continue }
      if let dot = path.firstIndex(of: ".") {
        let key = String(path[path.index(after: dot)...])
        sections[String(path[..<dot]), default: []].append(JSON.Member(key, value))
      } else {
        root.append(JSON.Member(path, value))
      }
    }
    root += sections.map { JSON.Member($0.key, .object($0.value)) }
    self.init(stored: JSON.object(root).canonical.text)
  }

  init(stored text: String) {
    self.text = text
    sha256 = SHA256.hash(text.utf8)
  }

  /// The non-default settings by dotted path; empty if the text is damaged.
  package var settings: [String: JSON] {
    guard let root = try? JSONParser.parse(Array(text.utf8), file: ""),
      case .object(let members) = root.kind
    else { return [:] }
    var settings: [String: JSON] = [:]
    for member in members where member.key != "version" {
      if case .object(let section) = member.value.kind, member.key != Self.network {
        for setting in section {
          settings["\(member.key).\(setting.key)"] = setting.value.canonical()
        }
      } else {
        settings[member.key] = member.value.canonical()
      }
    }
    return settings
  }

  /// The part that determines the initial weights, which several cells share.
  package var initialWeights: CellRecipe {
    CellRecipe(settings.filter { Self.initial.contains($0.key) })
  }

  /// The key of a custom network's table.
  static let network = "network"
  /// The key of the SHA-256 of the trained weights that a cell starts from; null in cells of older
  /// stores that did not record it.
  static let source = "initial_weights.sha256"
  private static let initial: Set<String> = [
    "model", network, "width", "seed", "channels", source, "initial_weights.head",
  ]

  /// The defaults of version 1, by path; they never change, unlike the program's own.
  static func defaults(optimizer: JSON?) -> [String: JSON] {
    var name = "adam"
    if case .string(let text) = optimizer { name = text }
    var values: [String: JSON] = [
      "dataset.mean": .array([0.5177, 0.5003, 0.4126].map(JSON.number)),
      "dataset.std": .array([0.2133, 0.2130, 0.2149].map(JSON.number)),
      "channels": .string("truncate"), "batch_size": .integer(192), "shuffle": .boolean(true),
      "augment": .array([]), "label_smoothing": .integer(0),
      "schedule.name": .string("constant"), "schedule.by": .string("epoch"),
      "schedule.every": .integer(1), "schedule.eta_min": .integer(0),
      "schedule.warmup": .integer(0), "schedule.warmup_start": .number(1.0 / 3),
      "early_stopping.metric": .string("val_loss"), "early_stopping.min_delta": .integer(0),
      "initial_weights.head": .string("fit"),
      "optimizer.name": .string("adam"), "optimizer.lr": .number(name == "rmsprop" ? 0.01 : 0.001),
      "optimizer.carry_over": .boolean(false),
      "optimizer.weight_decay": name == "adamw" ? .number(0.01) : .integer(0),
      "optimizer.betas": .array([0.9, 0.999].map(JSON.number)),
      "optimizer.eps": .number(name == "rmsprop_tf" ? 1e-10 : 1e-8),
      "optimizer.momentum": .integer(0), "optimizer.dampening": .integer(0),
      "optimizer.nesterov": .boolean(false), "optimizer.centered": .boolean(false),
      "optimizer.alpha": .number(name == "rmsprop_tf" ? 0.9 : 0.99),
      "optimizer.initial_square_avg": .integer(1),
    ]
    for path in values.keys { values[path] = values[path]?.canonical }
    return values
  }
}

extension JSON {
  /// The value with sorted members and whole numbers as integers.
  fileprivate var canonical: JSON {
    switch self {
    case .number(let number): Int(exactly: number).map(JSON.integer) ?? self
    case .array(let elements): .array(elements.map(\.canonical))
    case .object(let members):
      .object(
        members.sorted { $0.name < $1.name }.map { Member($0.name, $0.value.canonical) })
    case .null, .boolean, .integer, .string: self
    }
  }
}
