import Foundation

/// A small file that a person wrote: read whole, never beyond what such a file can be.
package enum InputFile {
  /// No such file is larger.
  package static let maximumBytes = 16 << 20

  /// The bytes of the file at `path`; `what`, "experiment file", is what errors call it.
  package static func bytes(at path: String, what: String) throws(SweepError) -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw SweepError(
        .badInput, at: path, "cannot open the \(what): \(String(cString: strerror(errno)))",
        advice: "check the path")
    }
    let data: Data
    do {
      data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
    } catch {
      throw SweepError(.badInput, at: path, "cannot read the \(what)", advice: "is it a file?")
    }
    guard data.count <= maximumBytes else {
      throw SweepError(
        .badInput, at: path, "the file is larger than 16 MiB", advice: "is it the right file?")
    }
    return Array(data)
  }

  /// The path `path`, which a file at `file` gives relative to itself.
  package static func path(_ path: String, besides file: String) -> String {
    let folder = file.parentFolder
    return path.hasPrefix("/") || folder.isEmpty
      ? path : (folder as NSString).appendingPathComponent(path)
  }
}
