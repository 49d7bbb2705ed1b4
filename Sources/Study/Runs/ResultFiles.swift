import Common
import Foundation

/// The file operations of a sweep; tests substitute one that fails.
package protocol ResultFiles {
  func read(_ path: String) throws(SweepError) -> Data

  /// Writes a file atomically and syncs it.
  func write(_ data: Data, to path: String) throws(SweepError)

  func move(_ file: String, to path: String) throws(SweepError)

  /// The length of a file in bytes; nil if it does not exist.
  func size(_ path: String) -> Int?

  func remove(_ path: String)
}

extension ResultFiles {
  package func exists(_ path: String) -> Bool { size(path) != nil }
}

package struct DiskFiles: ResultFiles {
  package init() {}

  package func read(_ path: String) throws(SweepError) -> Data {
    Data(try FileContents.read(path))
  }

  package func write(_ data: Data, to path: String) throws(SweepError) {
    try AtomicFile.write(data, to: path)
  }

  package func move(_ file: String, to path: String) throws(SweepError) {
    try AtomicFile.move(file, to: path)
  }

  package func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  package func remove(_ path: String) { unlink(path) }
}
