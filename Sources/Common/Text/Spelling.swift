/// Suggests the intended name for a typo.
package enum Spelling {
  /// The valid name nearest to `name`, or nil if none is within a third of its length (at least two
  /// edits).
  ///
  /// Case is ignored. Ties go to the first name; a name that `name` is a prefix of comes first.
  package static func nearest(to name: String, among valid: [String]) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(100))
    var best: (name: String, distance: Int)?
    let start = name.lowercased()
    if start.count > 2, let longer = valid.first(where: { $0.lowercased().hasPrefix(start) }) {
      return longer
    }
    for candidate in valid {
      let scalars = Array(candidate.lowercased().unicodeScalars)
      let distance = distance(wanted, scalars)
      let limit = max(2, max(wanted.count, scalars.count) / 3)
      if distance <= limit && distance < scalars.count && distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// Advice for an error: the nearest valid name, or all of them.
  package static func advice(for name: String, among valid: [String]) -> String {
    if let nearest = nearest(to: name, among: valid) { return "did you mean \"\(nearest)\"?" }
    return "valid: " + valid.joined(separator: ", ")
  }

  /// Insertions, deletions, substitutions and swaps of neighbors that lead from one to the other.
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var previous = [Int](repeating: 0, count: b.count + 1)
    var current = Array(0...b.count)
    for row in a.indices {
      let beforePrevious = previous
      previous = current
      current[0] = row + 1
      for column in b.indices {
        let substitution = previous[column] + (a[row] == b[column] ? 0 : 1)
        var best = min(substitution, previous[column + 1] + 1, current[column] + 1)
        if row > 0 && column > 0 && a[row] == b[column - 1] && a[row - 1] == b[column] {
          best = min(best, beforePrevious[column - 1] + 1)
        }
        current[column + 1] = best
      }
    }
    return current[b.count]
  }
}
