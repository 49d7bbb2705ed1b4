import Foundation

/// Files that are there whole or not at all.
public enum AtomicFile {
  /// Writes `data` to `path`: beside it, synced, renamed over it; the folder is synced too.
  ///
  /// Throws a `SweepError` that names the path and the system's reason; nothing is left beside.
  public static func write(_ data: Data, to path: String) throws(SweepError) {
    let temporary = "\(path).\(getpid()).part"
    func fail(_ what: String) -> SweepError {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      return SweepError(
        .badInput, at: path, "cannot \(what): \(reason)",
        advice: "make room or make the folder writable and run the command again")
    }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw fail("create the file") }
    var written = 0
    let complete = data.withUnsafeBytes { bytes in
      while written < bytes.count {
        let count = Foundation.write(
          descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
      }
      return fsync(descriptor) == 0
    }
    guard complete else {
      let error = fail("write")
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else { throw fail("write") }
    syncFolder(of: path)
  }

  /// Renames a file that is written and synced to `path`, over what is there; the folder is synced.
  public static func move(_ file: String, to path: String) throws(SweepError) {
    guard rename(file, path) == 0 else {
      throw SweepError(
        .badInput, at: path, "cannot put \(file) in place: \(String(cString: strerror(errno)))",
        advice: "make the folder writable and run the command again")
    }
    syncFolder(of: path)
  }

  private static func syncFolder(of path: String) {
    let folder = open(path.parentFolder.nonEmpty ?? ".", O_RDONLY)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
