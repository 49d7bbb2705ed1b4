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
}
