import Common
import Foundation

/// What lies directly in a folder, sorted by code point as Python sorts strings.
struct FolderListing {
  /// Names of files and of whatever else is no folder.
  private(set) var files: [String] = []
  /// Names of folders; links are followed.
  private(set) var folders: [String] = []

  /// Reads the folder at `path`; throws where there is none, or where a name in it is not UTF-8.
  init(of path: String) throws(SweepError) {
    guard let stream = opendir(path) else {
      throw FileContents.error(path, "cannot read the folder")
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      guard let name = String(validatingCString: start) else {
        throw SweepError(
          .badInput, at: "\(path)/\(String(cString: start))", "the name is not UTF-8",
          advice: "rename it")
      }
      if name == "." || name == ".." { continue }
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
}

/// Whether `a` comes before `b` by code point. (`<` on strings compares what is canonically
/// equivalent as equal.)
package func codePointOrder(_ a: String, _ b: String) -> Bool {
  a.utf8.lexicographicallyPrecedes(b.utf8)
}
