import Foundation

package enum FreeSpace {
  /// The free bytes for this user on the file system of `path`, or of its nearest existing parent;
  /// nil if unknown.
  package static func bytes(at path: String) -> Int? {
    var path = path
    var information = statvfs()
    while statvfs(path.isEmpty ? "." : path, &information) != 0 {
      guard errno == ENOENT, path.count > 1, !path.isEmpty else { return nil }
      path = path.parentFolder
    }
    return Int(clamping: UInt64(information.f_bavail) * UInt64(information.f_frsize))
  }
}
