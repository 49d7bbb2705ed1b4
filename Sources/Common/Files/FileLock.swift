import Foundation

/// A file lock, which the system releases when the process ends for any reason.
package final class FileLock {
  private let descriptor: Int32
  private let path: String
  private let removesFile: Bool

  /// Locks the file at `path`, creating it if needed; nil if another process holds the lock.
  ///
  /// With `removesFile`, releasing the lock removes the file.
  package init?(_ path: String, removesFile: Bool = false) throws(SweepError) {
    self.path = path
    self.removesFile = removesFile
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .system(at: path, "cannot make a lock here", advice: "make the folder writable")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else {
        throw .system(
          at: path, "cannot lock the file", advice: "use a file system that supports flock(2)")
      }
      return nil
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    if removesFile { unlink(path) }
    close(descriptor)
  }

  /// Whether a process on this machine holds the lock on the file at `path`.
  package static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Use a shared lock, so that two concurrent callers do not mistake each other for the holder.
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }
}
