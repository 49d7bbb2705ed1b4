import Common

/// A section of the experiment file, such as `optimizer`, where axes of the grid may give some of
/// the settings.
struct RecipeSection {
  let name: String
  /// The section itself; nil where the file has none.
  private let field: JSONField?
  let settings: [String: JSONField]
  private let axes: Set<String>

  /// The section `name` of the root's fields, whose settings are among `keys`; `overrides` has the
  /// axes' values by dotted path.
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

  /// The value of a setting that must be given, `advice` telling what it is.
  func required(_ key: String, advice: String) throws(SweepError) -> JSONField {
    if let setting = settings[key] { return setting }
    throw error("the key \(key.quoted) is missing in \(name)", advice: advice)
  }

  /// An error about the section as a whole, or where there is none about an axis that speaks of it.
  func error(_ message: String, advice: String) -> SweepError {
    (field ?? settings.sorted { $0.key < $1.key }.first?.value)?.error(message, advice: advice)
      ?? SweepError(.badInput, message, advice: advice)
  }

  /// Refuses settings that are none of `keys`, those that `choice` has.
  ///
  /// Where an axis chooses, the file's settings may be meant for its other values.
  func check(only keys: [String], of choice: String) throws(SweepError) {
    for (key, field) in settings.sorted(by: { $0.key < $1.key }) where !keys.contains(key) {
      if axes.contains("name") && !axes.contains(key) { continue }
      throw field.error(
        "\(key) is no setting of \(choice)", advice: "it has " + keys.joined(separator: ", "))
    }
  }
}
