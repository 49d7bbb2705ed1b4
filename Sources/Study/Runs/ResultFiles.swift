import Common
import Foundation

/// The disk as a sweep uses it; tests put one in its place that fails.
package protocol ResultFiles {
  /// The bytes of a file; throws where it cannot be read.
  func read(_ path: String) throws(SweepError) -> Data

  /// Writes a file whole or not at all, and syncs it.
  func write(_ data: Data, to path: String) throws(SweepError)

  /// Renames a file over what is at `path`.
  func move(_ file: String, to path: String) throws(SweepError)

  /// Whether there is a file.
  func exists(_ path: String) -> Bool

  /// Removes a file; nothing happens where there is none.
  func remove(_ path: String)
}

/// The disk.
package struct DiskFiles: ResultFiles {
  /// The disk.
  package init() {}

  /// The bytes of a file; throws where it cannot be read.
  package func read(_ path: String) throws(SweepError) -> Data {
    Data(try FileContents.read(path))
  }

  /// Writes a file whole or not at all, and syncs it.
  package func write(_ data: Data, to path: String) throws(SweepError) {
    try AtomicFile.write(data, to: path)
  }

  /// Renames a file over what is at `path`.
  package func move(_ file: String, to path: String) throws(SweepError) {
    try AtomicFile.move(file, to: path)
  }

  /// Whether there is a file.
  package func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Removes a file; nothing happens where there is none.
  package func remove(_ path: String) { unlink(path) }
}
