import Foundation

extension String {
  /// The folder part of this path: empty for a bare name, `/` for the root and its contents.
  ///
  /// Foundation's `deletingLastPathComponent` crashes on Linux if the path is a single letter.
  package var parentFolder: String { String(decoding: pathParts.folder, as: UTF8.self) }

  /// The last part of this path, without slashes; empty for the root.
  package var lastPathPart: String { String(decoding: pathParts.name, as: UTF8.self) }

  /// Compares bytes, because `/` and a combining mark are one Character.
  package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

  /// The absolute path without links; the path itself if it cannot be resolved.
  package var resolvedPath: String {
    guard let path = realpath(self, nil) else { return self }
    defer { free(path) }
    return String(cString: path)
  }

  private var pathParts: (folder: Substring.UTF8View, name: Substring.UTF8View) {
    let slash = UInt8(ascii: "/")
    func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
      var text = text
      while text.last == slash { text.removeLast() }
      return text
    }
    let path = trimmed(self[...].utf8)
    guard let last = path.lastIndex(of: slash) else {
      return (self.utf8.first == slash ? self[...].utf8.prefix(1) : path.prefix(0), path)
    }
    let folder = trimmed(path[..<last])
    return (folder.isEmpty ? path.prefix(1) : folder, path[path.index(after: last)...])
  }
}

/// Orders strings by code point, which is also the order of their UTF-8 bytes.
///
/// `<` on strings treats canonically equivalent ones as equal.
package func codePointOrder(_ a: String, _ b: String) -> Bool {
  a.utf8.lexicographicallyPrecedes(b.utf8)
}
