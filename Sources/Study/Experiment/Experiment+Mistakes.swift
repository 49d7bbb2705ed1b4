import Common

extension Experiment {
  private static let maximumMistakes = 20

  /// Valid values of the required keys, in reading order.
  private static let placeholders = [
    ("name", "\"x\""), ("dataset", "{\"root\": \".\"}"), ("epochs", "1"),
    ("grid", "{\"model\": [\"mobilenet_v2\"], \"width\": [1.0], \"resolution\": [32]}"),
  ]

  /// Reads `root` with `read` and throws all mistakes at once.
  ///
  /// Removes the wrong value after each mistake and reads the rest again. Keys that are missing
  /// only because of this are not reported.
  static func reportingAllMistakes(
    in root: JSONField, _ read: (JSONField) throws(SweepError) -> Experiment
  ) throws(SweepError) -> Experiment {
    var root = root
    var mistakes: [SweepError] = []
    var removed: [String] = []
    while mistakes.count < maximumMistakes {
      do {
        let experiment = try read(root)
        if mistakes.isEmpty { return experiment }
        break
      } catch {
        guard case .value(root.file, let path)? = error.cause else {
          if mistakes.isEmpty { throw error }
          break
        }
        guard let (rest, place) = repaired(root, path) else {
          mistakes.append(error)
          break
        }
        let lost = path == root.path ? place : path
        if !removed.contains(where: { $0 == lost || $0.isPath(below: lost) }) {
          mistakes.append(error)
        }
        root = rest
        removed.append(place)
      }
    }
    guard var first = mistakes.first else { return try read(root) }
    first.others = Array(mistakes.dropFirst())
    throw first
  }

  /// The file without the value at `path`, and the path that was removed.
  private static func repaired(_ root: JSONField, _ path: String) -> (JSONField, String)? {
    if path == root.path {
      // A key is missing: the first in reading order.
      guard let (key, value) = placeholders.first(where: { root.value.member($0.0) == nil }) else {
        return nil
      }
      return root.adding(key, value).map { ($0, "\(root.path).\(key)") }
    }
    // Other settings of the section depend on these.
    let deciding = [".name", ".momentum"].first {
      path.hasSuffix($0) && path != "\(root.path)\($0)"
    }
    let place = String(path.dropLast(deciding?.count ?? 0))
    return root.removing(place).map { ($0, place) }
  }
}

extension String {
  fileprivate func isPath(below path: String) -> Bool {
    hasPrefix(path + ".") || hasPrefix(path + "[")
  }
}
