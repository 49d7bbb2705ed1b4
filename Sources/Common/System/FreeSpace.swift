import Foundation

/// The free space of file systems.
package enum FreeSpace {
  /// The bytes that this user can still write to the file system of `path`, or of the nearest
  /// folder above it that exists; nil where that is not known.
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
