/// A list of files with sizes and digests: one line `SHA-256 bytes name` per file.
///
/// Names are compared as bytes.
package struct FileManifest: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    /// The SHA-256 of its content in 64 hexadecimal digits.
    package let sha256: String
    package let size: Int
    /// The path from the root of the list: `train/cat/1.jpg`.
    package let name: String

    package init(sha256: String, size: Int, name: String) {
      self.sha256 = sha256
      self.size = size
      self.name = name
    }
  }

  package let entries: [Entry]

  package init(_ entries: [Entry]) { self.entries = entries }

  /// Lines in another format are ignored.
  package init(parsing text: String) {
    entries = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard fields.count == 3, let size = Int(String(decoding: fields[1], as: UTF8.self)) else {
        return nil
      }
      return Entry(
        sha256: String(decoding: fields[0], as: UTF8.self), size: size,
        name: String(decoding: fields[2], as: UTF8.self))
    }
  }

  package var text: String {
    entries.reduce(into: "") { $0 += "\($1.sha256) \($1.size) \($1.name)\n" }
  }

  /// The SHA-256 of ``text``; it changes with any name or content.
  package var fingerprint: String { SHA256.hash(text.utf8) }

  /// The changes from `earlier` to this list, one line per file, such as `train/cat/1.jpg is gone`,
  /// ordered by name bytes.
  package func changes(from earlier: FileManifest) -> [String] {
    let (before, after) = (earlier.byName, byName)
    let keys = Set(before.keys).union(after.keys)
    return keys.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { key in
      let name = String(decoding: key, as: UTF8.self)
      switch (before[key], after[key]) {
      case (let old?, let new?): return old.sha256 == new.sha256 ? nil : "\(name) was changed"
      case (_?, nil): return "\(name) is gone"
      default: return "\(name) is new"
      }
    }
  }

  package var byName: [[UInt8]: Entry] {
    Dictionary(entries.map { (Array($0.name.utf8), $0) }, uniquingKeysWith: { $1 })
  }
}
