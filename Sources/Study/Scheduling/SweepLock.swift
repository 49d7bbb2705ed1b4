import Common
import Foundation

/// The lock that a sweep holds while it lives, so that others see at once whether it still does.
struct SweepLock {
  /// The lock's name in the store.
  let token: String
  private let lock: FileLock

  /// Takes a lock of a new name in an experiment's folder.
  init(in folder: String) throws(SweepError) {
    token = UUID().uuidString
    try Folder.create("\(folder)/sweeps")
    let path = Self.path(token, in: folder)
    guard let lock = try FileLock(path, removesFile: true) else {
      throw .system(EWOULDBLOCK, at: path, "cannot lock the file")
    }
    self.lock = lock
  }

  /// Whether somebody on this machine holds the lock of that name.
  static func isHeld(_ token: String, in folder: String) -> Bool {
    FileLock.isHeld(path(token, in: folder))
  }

  /// Removes what a sweep that was killed has left.
  static func remove(_ token: String, in folder: String) { unlink(path(token, in: folder)) }

  /// A token from a store that is not a UUID names no file.
  private static func path(_ token: String, in folder: String) -> String {
    "\(folder)/sweeps/\(UUID(uuidString: token)?.uuidString ?? "none").lock"
  }
}
