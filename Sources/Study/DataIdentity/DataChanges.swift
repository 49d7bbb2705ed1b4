/// What changed in a data set from one list of its files to another.
struct DataChanges {
  /// A line a file: `train/cat/1.jpg is gone`.
  let lines: [String]

  /// The changes between two lists with a line `SHA-256 bytes name` each.
  init(from old: String, to new: String) {
    let (before, after) = (Self.contents(old), Self.contents(new))
    lines = Set(before.keys).union(after.keys).sorted().compactMap { name in
      switch (before[name], after[name]) {
      case (let old?, let new?): old == new ? nil : "\(name) was changed"
      case (_?, nil): "\(name) is gone"
      default: "\(name) is new"
      }
    }
  }

  /// All of a few changes, the first of many.
  var summary: String {
    let most = 10
    let shown = lines.prefix(most).joined(separator: ", ")
    return lines.count > most ? "\(shown) and \(lines.count - most) more" : shown
  }

  /// Size and digest by name.
  private static func contents(_ listing: String) -> [Substring: Substring] {
    var contents: [Substring: Substring] = [:]
    for line in listing.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 2)
      guard fields.count == 3 else { continue }
      contents[fields[2]] = line[..<fields[2].startIndex]
    }
    return contents
  }
}
