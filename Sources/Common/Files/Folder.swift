import Foundation

package enum Folder {
  /// Creates the folder at `path` and its missing parents; it may already exist.
  ///
  /// Throws an error with the folder and the system's reason.
  package static func create(_ path: String) throws(SweepError) {
    guard !path.isEmpty else { throw SweepError(.usage, "the path of the folder is empty") }
    if mkdir(path, 0o755) == 0 { return }
    var reason = errno
    if reason == ENOENT {
      let parent = path.parentFolder
      if parent != path && !parent.isEmpty {
        try create(parent)
        if mkdir(path, 0o755) == 0 { return }
        reason = errno
      }
    }
    // Another process may have created it first. A read-only file system reports an error even for
    // an existing folder.
    var information = stat()
    if stat(path, &information) == 0 {
      if information.st_mode & S_IFMT == S_IFDIR { return }
      reason = ENOTDIR
    }
    throw .system(
      reason, at: path, "cannot create the folder",
      advice: "make its parent folder writable, or choose another location")
  }

  /// The bytes of all files in the folder at `path` and below; 0 if there are none.
  package static func bytes(of path: String) -> Int {
    // FileManager's enumerator with attributes takes a second for 30,000 files.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.reduce(0) { sum, name in
      var status = stat()
      guard lstat("\(path)/\(name)", &status) == 0 else { return sum }
      switch status.st_mode & S_IFMT {
      case S_IFREG: return sum + Int(status.st_size)
      case S_IFDIR: return sum + bytes(of: "\(path)/\(name)")
      default: return sum
      }
    }
  }

  /// Throws if there is no folder at `path`, or with the system's reason if it cannot be checked.
  package static func require(_ path: String, advice: String) throws(SweepError) {
    var status = stat()
    if stat(path, &status) != 0 {
      guard errno == ENOENT else {
        throw .system(at: path, "cannot open the folder", advice: advice)
      }
      throw SweepError(.badInput, at: path, "there is no such folder", advice: advice)
    }
    if status.st_mode & S_IFMT != S_IFDIR {
      throw SweepError(.badInput, at: path, "is not a folder", advice: advice)
    }
  }
}
