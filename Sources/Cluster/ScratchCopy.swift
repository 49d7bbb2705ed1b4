import Common
import Foundation
import Study

/// A copy of the images on a node's own disk, made once for all tasks that ever run there.
struct ScratchCopy {
  /// A line `SHA-256 bytes name` for each image.
  let images: String
  let fingerprint: String
  let source: String
  /// The folder that holds the copies.
  let folder: String
  let interrupt: Interrupt

  private var copy: String { "\(folder)/sweep-\(fingerprint.prefix(16))" }

  /// The folder with the copy, which is made where it is missing; others who want it wait
  /// meanwhile.
  ///
  /// Throws where an image is not what it was when it was submitted, where the disk has no room,
  /// and `.interrupted` where the work shall stop.
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

  /// A path whose variables are set on the node: `$SLURM_TMPDIR/images`.
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
    // What somebody who was killed has left.
    try? FileManager.default.removeItem(atPath: part)
    do throws(SweepError) {
      var made: Set<String> = []
      for file in files {
        if interrupt.isRequested { throw Self.interrupted }
        guard !file.name.split(separator: "/").contains("..") else {
          throw SweepError(
            .badInput, at: file.name, "the name of the image leads out of its folder")
        }
        let path = "\(source)/\(file.name)"
        let data = try FileContents.read(path)
        guard SHA256.hash(data) == file.sha256 else {
          throw SweepError(
            .badInput, at: path, "the image is not the one that was submitted",
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
    // All files at once, before the name says that they are there.
    sync()
    guard rename(part, copy) == 0 else {
      throw .system(at: copy, "cannot put the copy in place")
    }
  }
}
