import Foundation

/// Folders that are there when they are needed.
public enum Folder {
  /// Makes the folder at `path` and those above it; one that is there already is fine.
  ///
  /// Throws a `SweepError` that names the folder and the system's reason.
  public static func create(_ path: String) throws(SweepError) {
    if path.isEmpty || mkdir(path, 0o755) == 0 { return }
    var reason = errno
    if reason == ENOENT {
      let parent = path.parentFolder
      if parent != path && !parent.isEmpty {
        try create(parent)
        if mkdir(path, 0o755) == 0 { return }
        reason = errno
      }
    }
    // Another process may have been faster; a read-only file system says so even of a folder that
    // is there.
    var information = stat()
    if stat(path, &information) == 0 {
      if information.st_mode & S_IFMT == S_IFDIR { return }
      reason = ENOTDIR
    }
    throw SweepError(
      .badInput, at: path, "cannot make the folder: \(String(cString: strerror(reason)))",
      advice: "make the folder above writable, or name a place elsewhere")
  }
}
