import Common
import Foundation

/// Files read whole, with errors that name them.
enum FileContents {
  /// The bytes of the file at `path`, or its first `limit` bytes; throws where it cannot be read.
  static func read(_ path: String, limit: Int = .max) throws(SweepError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
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

  /// An error at `path` with the system's reason.
  static func error(_ path: String, _ what: String) -> SweepError {
    SweepError(.badInput, at: path, "\(what): \(String(cString: strerror(errno)).lowercased())")
  }
}
