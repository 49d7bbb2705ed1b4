import Common

/// A section of the experiment file, such as `optimizer`, with the settings that grid axes
/// override.
struct RecipeSection {
  let name: String
  private let field: JSONField?
  let settings: [String: JSONField]
  private let axes: Set<String>

  /// The section `name` of the root's fields, which accepts `keys`; `overrides` has the axes'
  /// values by dotted path.
  init(
    _ name: String, keys: [String], root: [String: JSONField], overrides: [String: JSONField]
  ) throws(SweepError) {
    self.name = name
    field = root[name]
    var settings = try field?.object(keys: keys) ?? [:]
    var axes: Set<String> = []
    for key in keys {
      guard let override = overrides["\(name).\(key)"] else { continue }
      settings[key] = override
      axes.insert(key)
    }
    self.settings = settings
    self.axes = axes
  }

  var isEmpty: Bool { settings.isEmpty }

  subscript(key: String) -> JSONField? { settings[key] }

  /// The value of a required setting; `advice` describes it.
  func required(_ key: String, advice: String) throws(SweepError) -> JSONField {
    if let setting = settings[key] { return setting }
    throw error("the key \(key.quoted) is missing in \(name)", advice: advice)
  }

  /// An error about the section, or about an axis that sets one of its keys if there is no section.
  func error(_ message: String, advice: String) -> SweepError {
    (field ?? settings.sorted { $0.key < $1.key }.first?.value)?.error(message, advice: advice)
      ?? SweepError(.badInput, message, advice: advice)
  }

  /// Throws if there are settings other than `keys`, those of `choice`.
  ///
  /// If an axis makes the choice, the file's settings may be meant for other values of the axis.
  func check(only keys: [String], of choice: String) throws(SweepError) {
    for (key, field) in settings.sorted(by: { $0.key < $1.key }) where !keys.contains(key) {
      if axes.contains("name") && !axes.contains(key) { continue }
      throw field.error(
        "\(choice) has no setting \(key)", advice: "it has " + keys.joined(separator: ", "))
    }
  }
}
