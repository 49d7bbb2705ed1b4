import Common
import Foundation

/// Keeps two sweeps out of one experiment's folder.
///
/// The system drops it when the program ends, however it ends.
struct FolderLock {
  private let descriptor: Int32

  /// Takes the lock; throws where another program has it.
  init(_ folder: String) throws(SweepError) {
    descriptor = open("\(folder)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw SweepError(
        .badInput, at: folder, "cannot write here: \(String(cString: strerror(errno)))",
        advice: "make the folder writable, or name another place with --store")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw SweepError(
        .runFailed, at: folder, "another sweep is running this experiment",
        advice: "wait for it, or name another place with --store")
    }
  }

  /// Lets others in.
  func release() {
    close(descriptor)
  }
}
