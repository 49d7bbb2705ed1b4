import Common
import Foundation

/// A file that a sweep keeps locked while it lives.
///
/// The system drops the lock when the program ends, however it ends, so others see at once whether
/// it still lives.
final class SweepLock {
  /// What the store knows it by.
  let token: String
  private let descriptor: Int32
  private let path: String

  /// Takes a lock of a new name in an experiment's folder.
  init(in folder: String) throws(SweepError) {
    token = UUID().uuidString
    path = Self.path(token, in: folder)
    try Folder.create("\(folder)/sweeps")
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw SweepError(
        .badInput, at: path, "cannot make a lock here: \(String(cString: strerror(errno)))",
        advice: "make the folder writable, or name another place with --store")
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Whether somebody on this machine holds the lock of that name.
  static func isHeld(_ token: String, in folder: String) -> Bool {
    let descriptor = open(path(token, in: folder), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Shared, so that two that ask at once do not take each other for the holder.
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  /// Removes what a sweep that was killed has left.
  static func remove(_ token: String, in folder: String) { unlink(path(token, in: folder)) }

  /// A token from a store that is not a UUID names no file.
  private static func path(_ token: String, in folder: String) -> String {
    "\(folder)/sweeps/\(UUID(uuidString: token)?.uuidString ?? "none").lock"
  }
}
