import Foundation

package enum Folder {
  /// Creates the folder at `path` and the missing ones above it; an existing folder is fine.
  ///
  /// Throws a `SweepError` that names the folder and the system's reason.
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
    // Another process may have been faster. A read-only file system gives an error even for a folder
    // that exists.
    var information = stat()
    if stat(path, &information) == 0 {
      if information.st_mode & S_IFMT == S_IFDIR { return }
      reason = ENOTDIR
    }
    throw .system(
      reason, at: path, "cannot create the folder",
      advice: "make the folder above it writable, or choose another place")
  }

  /// The bytes of all files in the folder at `path` and below; 0 where there is none.
  package static func bytes(of path: String) -> Int {
    let files = FileManager.default.enumerator(atPath: path)
    var sum = 0
    while files?.nextObject() != nil {
      if files?.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
        sum += (files?.fileAttributes?[.size] as? NSNumber)?.intValue ?? 0
      }
    }
    return sum
  }

  /// Throws where there is no folder at `path`, with the system's reason where it is another.
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
