import Common
import Foundation
import Study

/// A copy of the images on a node's local disk, made once for all tasks that run there.
struct ScratchCopy {
  /// One line `SHA-256 bytes name` per image.
  let images: String
  let fingerprint: String
  let source: String
  let folder: String
  let interrupt: Interrupt

  private var copy: String { "\(folder)/sweep-\(fingerprint.prefix(16))" }

  /// Returns the folder with the copy, creating it if needed; other tasks wait for it.
  ///
  /// Throws if an image changed since submission, if the disk is full, and `.interrupted` if the
  /// task is to stop.
  func prepare(note: (String) -> Void) throws(SweepError) -> String {
    try Folder.create(folder)
    while true {
      if interrupt.isRequested { throw Self.interrupted }
      guard let lock = try FileLock(copy + ".lock") else {
        sleep(1)
        continue
      }
      defer { withExtendedLifetime(lock) {} }
      if access(copy, F_OK) == 0 { return copy }
      let files = FileManifest(parsing: images).entries
      note("copying \(Format.count(files.count, "image")) to \(copy)")
      try checkRoom(for: files.reduce(0) { $0 + $1.size })
      try fill(copy + ".part", with: files)
      return copy
    }
  }

  /// Expands variables with the node's environment: `$SLURM_TMPDIR/images`.
  static func expand(_ path: String, _ environment: [String: String]) -> String {
    path.replacing(/\$(?:\{(?<braced>\w+)\}|(?<plain>\w+))/) { match in
      environment[String(match.output.braced ?? match.output.plain ?? "")] ?? ""
    }
  }

  private static let interrupted = SweepError(
    .interrupted, "interrupted while the images were copied")

  private func checkRoom(for bytes: Int) throws(SweepError) {
    var information = statvfs()
    guard statvfs(folder, &information) == 0 else { return }
    let free = Int(information.f_bavail) * Int(information.f_frsize)
    guard free < bytes else { return }
    throw SweepError(
      .fileSystem, at: folder,
      "no room for the images: \(Format.bytes(bytes)) needed, \(Format.bytes(free)) free",
      cause: .system(ENOSPC))
  }

  private func fill(_ part: String, with files: [FileManifest.Entry]) throws(SweepError) {
    // A leftover of a killed task.
    try? FileManager.default.removeItem(atPath: part)
    do throws(SweepError) {
      var made: Set<String> = []
      for file in files {
        if interrupt.isRequested { throw Self.interrupted }
        guard !file.name.split(separator: "/").contains("..") else {
          throw SweepError(
            .badInput, at: file.name, "the image's name points outside its folder")
        }
        let path = "\(source)/\(file.name)"
        let data = try FileContents.read(path)
        guard SHA256.hash(data) == file.sha256 else {
          throw SweepError(
            .badInput, at: path, "the image changed since submission",
            advice: "put it back, or cancel and submit again")
        }
        let target = "\(part)/\(file.name)"
        let parent = target.parentFolder
        if made.insert(parent).inserted { try Folder.create(parent) }
        try FileContents.create(target, data)
      }
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
    // Sync all files before renaming the folder.
    sync()
    guard rename(part, copy) == 0 else {
      throw .system(at: copy, "cannot put the copy in place")
    }
  }
}
