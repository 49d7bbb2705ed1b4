import Foundation

/// Reads a small user-written file, such as an experiment file.
package enum InputFile {
  package static let maximumBytes = 16 << 20

  /// The bytes of the file at `path`; errors call it `what`, for example "experiment file".
  package static func bytes(at path: String, what: String) throws(SweepError) -> [UInt8] {
    // `FileContents` would reject a pipe, which is allowed here (`sweep plan <(make-experiment)`).
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .system(at: path, "cannot open the \(what)", advice: "check the path")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= maximumBytes {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw .system(at: path, "cannot read the \(what)", advice: "check the path")
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
    throw SweepError(
      .badInput, at: path, "the file is larger than 16 MiB", advice: "check the path")
  }

  /// Resolves `path` relative to the folder of `file`.
  package static func path(_ path: String, besides file: String) -> String {
    let folder = file.parentFolder
    return path.isAbsolutePath || folder.isEmpty
      ? path : (folder as NSString).appendingPathComponent(path)
  }
}
