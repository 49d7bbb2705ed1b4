import Common
import Foundation

/// A file that is kept locked; the system drops the lock when the program ends, however it ends.
final class FileLock {
  private let descriptor: Int32

  /// Takes the lock on the file at `path`, which is made where it is missing; nil where somebody
  /// else has it.
  init?(_ path: String) throws(SweepError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    self.descriptor = descriptor
    guard descriptor >= 0 else {
      throw SweepError(
        .badInput, at: path, "cannot make a lock here: \(String(cString: strerror(errno)))",
        advice: "make the folder writable")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      guard reason == EWOULDBLOCK else {
        throw SweepError(
          .badInput, at: path, "cannot lock the file: \(String(cString: strerror(reason)))",
          advice: "the file system must know flock(2)")
      }
      return nil
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
