import Common

/// A recipe in canonical form, as it is stored and compared: a line `path = value` for each
/// setting, sorted by path.
///
/// It holds what affects results. Where the data lies, how many epochs are run, which cells the
/// grid has and what its values are called is not part of it; under `optimizer.carry_over` the
/// epochs and the order of the resolutions are.
public struct RecipeText: Sendable, Equatable {
  /// The lines.
  public let text: String

  /// The canonical form that was stored earlier.
  public init(stored text: String) {
    self.text = text
  }

  init(_ settings: [String: String]) {
    text = settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)\n" }.joined()
  }

  /// SHA-256 of the text, 64 hexadecimal digits.
  public var hash: String { SHA256.hash(text.utf8) }

  /// What changed from `earlier` to this recipe, a line each: `optimizer.lr was 0.001, is now
  /// 0.01`.
  public func differences(from earlier: RecipeText) -> [String] {
    differences(from: earlier) { $0 }
  }

  /// What `describe` says of the paths that changed from `earlier` to this recipe; their change is
  /// appended where it gives the path alone.
  func differences(
    from earlier: RecipeText, describe: (_ path: String) -> String?
  ) -> [String] {
    let (old, new) = (earlier.settings, settings)
    return Set(old.keys).union(new.keys).sorted().compactMap { path in
      guard old[path] != new[path], let text = describe(path) else { return nil }
      guard text == path else { return text }
      switch (old[path], new[path]) {
      case (let before?, let after?): return "\(path) was \(before), is now \(after)"
      case (let before?, nil): return "\(path) was \(before), is now absent"
      default: return "\(path) is now \(new[path] ?? "")"
      }
    }
  }

  /// The values by path.
  package var settings: [String: String] {
    var settings: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let equals = line.firstRange(of: " = ") else { continue }
      settings[String(line[..<equals.lowerBound])] = String(line[equals.upperBound...])
    }
    return settings
  }
}
