import Common
import Foundation

/// Files read whole, with errors that name them.
enum FileContents {
  /// The bytes of the file at `path`, or its first `limit` bytes; throws where it cannot be read.
  static func read(_ path: String, limit: Int = .max) throws(SweepError) -> [UInt8] {
    // Without O_NONBLOCK the opening of a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw error(path, "cannot open the file") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw error(path, "cannot read the file") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SweepError(.badInput, at: path, "not a file", advice: "remove it")
    }
    let size = min(Int(status.st_size), limit)
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Foundation.read(
          descriptor, buffer.baseAddress?.advanced(by: count), size - count)
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        guard got > 0 else { break }
        count += got
      }
    }
    if failed { throw error(path, "cannot read the file") }
    return bytes
  }

  /// Writes a new file at `path`; throws where one is there already, or where it cannot be written.
  static func write(_ bytes: some ContiguousBytes, to path: String) throws(SweepError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw error(path, "cannot make the file") }
    let complete = bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Foundation.write(
          descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
      }
      return true
    }
    guard complete else {
      let failure = error(path, "cannot write the file")
      close(descriptor)
      throw failure
    }
    close(descriptor)
  }

  /// Makes the folder at `path` and those above it, where they are missing.
  static func makeFolder(_ path: String) throws(SweepError) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    let parent = path.parentFolder
    if errno == ENOENT, !parent.isEmpty, parent != path {
      try makeFolder(parent)
      if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    }
    throw error(path, "cannot make the folder")
  }

  /// An error at `path` with the system's reason.
  static func error(_ path: String, _ what: String) -> SweepError {
    SweepError(.badInput, at: path, "\(what): \(String(cString: strerror(errno)).lowercased())")
  }
}
