import Foundation

/// Reads and writes whole files; errors name the file.
package enum FileContents {
  /// The bytes of the file at `path`, or its first `limit` bytes.
  ///
  /// Throws if it cannot be read or is not a regular file.
  package static func read(_ path: String, limit: Int = .max) throws(SweepError) -> [UInt8] {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, "cannot open the file") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, "cannot read the file") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SweepError(
        .badInput, at: path,
        status.st_mode & S_IFMT == S_IFDIR ? "it is a folder, not a file" : "not a regular file")
    }
    let size = min(Int(status.st_size), limit)
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Foundation.read(
          descriptor, buffer.baseAddress?.advanced(by: count), size - count)
        if got < 0 && errno == EINTR { continue }
        failure = got < 0 ? errno : 0
        guard got > 0 else { break }
        count += got
      }
    }
    guard failure == 0 else { throw unreadable(path, "cannot read the file", failure) }
    return bytes
  }

  /// Writes a new file at `path`; throws if it exists or cannot be written.
  package static func create(_ path: String, _ bytes: some ContiguousBytes) throws(SweepError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .system(at: path, "cannot create the file", advice: "make the folder writable")
    }
    defer { close(descriptor) }
    let failure = put(bytes, to: descriptor)
    guard failure == 0 else { throw .system(failure, at: path, "cannot write the file") }
  }

  /// Writes all bytes to an open file; returns 0 or an error number.
  package static func put(_ bytes: some ContiguousBytes, to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Foundation.write(
          descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : ENOSPC }
        written += count
      }
      return 0
    }
  }

  private static func unreadable(
    _ path: String, _ what: String, _ number: Int32 = errno
  ) -> SweepError {
    .system(
      number, at: path, what,
      advice: number == EACCES ? "make it readable" : "check the path")
  }
}
