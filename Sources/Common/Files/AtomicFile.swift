import Foundation
import Synchronization

/// Writes files that are complete or absent, even after a crash.
package enum AtomicFile {
  private static let counter = Atomic(0)

  /// Writes `data` to a temporary file beside `path`, syncs it, and renames it over `path`.
  ///
  /// Links are followed, and an existing file keeps its permissions. Devices, named pipes and other
  /// special files are written to directly. Throws an error with the path and the system's reason;
  /// leaves no temporary file.
  package static func write(_ data: Data, to path: String) throws(SweepError) {
    guard !path.isEmpty else { throw SweepError(.usage, "the path of the file to write is empty") }
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists && isInPlace(path, status) { return try write(data, into: path) }
    let target = try resolved(path)
    let temporary = temporaryPath(for: target)
    func fail(_ number: Int32, _ what: String) -> SweepError {
      unlink(temporary)
      return .system(
        number, at: path, "cannot \(what)",
        advice: number == ENOENT ? "make the folder first" : "make the folder writable")
    }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw fail(errno, "create the file") }
    if exists { fchmod(descriptor, status.st_mode & 0o7777) }
    var failure = FileContents.put(data, to: descriptor)
    if failure == 0 && fsync(descriptor) != 0 { failure = errno }
    if close(descriptor) != 0 && failure == 0 { failure = errno }
    guard failure == 0 else { throw fail(failure, "write the file") }
    guard rename(temporary, target) == 0 else { throw fail(errno, "write the file") }
    syncFolder(of: target)
  }

  /// Renames a synced file to `path`, replacing what is there, and syncs the folder.
  package static func move(_ file: String, to path: String) throws(SweepError) {
    guard rename(file, path) == 0 else {
      throw .system(at: path, "cannot put \(file) in place", advice: "make the folder writable")
    }
    syncFolder(of: path)
  }

  /// A temporary name beside `path`, no longer than file names may be.
  package static func temporaryPath(for path: String) -> String {
    let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
    let suffix = ".\(getpid())-\(number).part"
    let folder = path.parentFolder
    let room = Int(NAME_MAX) - suffix.utf8.count
    let name = String(decoding: path.lastPathPart.utf8.prefix(room), as: UTF8.self)
    return (folder.isEmpty || folder == "/" ? folder : folder + "/") + name + suffix
  }

  /// Whether the file at `path` must be written directly: special files, and named descriptors such
  /// as `/dev/stdout`.
  private static func isInPlace(_ path: String, _ status: stat) -> Bool {
    let type = status.st_mode & S_IFMT
    if type == S_IFDIR { return false }
    return type != S_IFREG || ["/dev/std", "/dev/fd/", "/proc/"].contains(where: path.hasPrefix)
  }

  private static func write(_ data: Data, into path: String) throws(SweepError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .system(at: path, "cannot open it for writing", advice: "make it writable")
    }
    defer { close(descriptor) }
    let failure = FileContents.put(data, to: descriptor)
    guard failure == 0 else { throw .system(failure, at: path, "cannot write to it") }
  }

  /// The target of `path` if it is a symbolic link, even to a missing file.
  private static func resolved(_ path: String) throws(SweepError) -> String {
    var path = path
    for _ in 0..<40 {
      var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let length = readlink(path, &target, target.count)
      guard length >= 0 else { return path }
      let link = String(decoding: target[..<length], as: UTF8.self)
      path = InputFile.path(link, besides: path)
    }
    throw .system(ELOOP, at: path, "cannot follow the link")
  }

  private static func syncFolder(of path: String) {
    let parent = path.parentFolder
    let folder = open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }
}
