import Common
import Foundation

/// The contents of a folder, sorted by the bytes of the names as in Python.
package struct FolderListing {
  /// Names of files and everything else except folders.
  package private(set) var files: [String] = []
  /// Names of folders; links are followed.
  package private(set) var folders: [String] = []

  /// Reads the folder at `path`.
  ///
  /// Throws if it does not exist, if a name is not UTF-8 or has a line break, or if two names are
  /// Unicode spellings of the same text, such as "é" as one character and as two: Swift strings
  /// treat them as equal, file systems do not.
  package init(of path: String) throws(SweepError) {
    guard let stream = opendir(path) else {
      throw .system(at: path, "cannot read the folder", advice: "make it readable")
    }
    defer { closedir(stream) }
    var known: Set<String> = []
    while let entry = readdir(stream) {
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      guard let name = String(validatingCString: start) else {
        throw SweepError(
          .badInput, at: "\(path)/\(String(cString: start))", "the name is not UTF-8",
          advice: "rename it")
      }
      if name == "." || name == ".." { continue }
      guard !name.utf8.contains(UInt8(ascii: "\n")) else {
        throw SweepError(
          .badInput, at: "\(path)/\(name.replacing("\n", with: "\\n"))",
          "the name has a line break", advice: "rename it")
      }
      guard known.insert(name).inserted else {
        throw SweepError(
          .badInput, at: "\(path)/\(name)",
          "another name here is the same text in another Unicode spelling",
          advice: "rename one of the two")
      }
      var status = stat()
      if stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        folders.append(name)
      } else {
        files.append(name)
      }
    }
    files.sort(by: codePointOrder)
    folders.sort(by: codePointOrder)
  }

  /// The folders except hidden and system ones.
  package var ownFolders: [String] { folders.filter { !Self.isSystemFolder($0) } }

  /// Whether a folder is hidden, or created by macOS, Windows or a network disk for its own use.
  package static func isSystemFolder(_ name: String) -> Bool {
    name.utf8.first == UInt8(ascii: ".") || systemFolders.contains(name)
  }

  /// Whether a file is macOS metadata of another file (AppleDouble).
  package static func isAppleDouble(_ name: String) -> Bool { name.utf8.starts(with: "._".utf8) }

  private static let systemFolders: Set<String> = [
    "__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found",
  ]
}
