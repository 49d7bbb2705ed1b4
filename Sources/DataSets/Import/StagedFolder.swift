import Common
import Foundation

/// A folder that is complete or absent: it is filled at a temporary path and then renamed.
struct StagedFolder {
  /// The temporary path.
  let path: String
  private let target: String

  /// Creates the temporary folder; throws if that fails, or if `target` exists and is not an empty
  /// folder.
  init(for target: String) throws(SweepError) {
    let target = URL(fileURLWithPath: target).standardizedFileURL.path
    let manager = FileManager.default
    if manager.fileExists(atPath: target) {
      guard let content = try? manager.contentsOfDirectory(atPath: target), content.isEmpty else {
        throw SweepError(
          .badInput, at: target, "it exists already and is not an empty folder",
          advice: "remove it or choose another; nothing was overwritten")
      }
    }
    self.target = target
    path = AtomicFile.temporaryPath(for: target)
    try makeFolder("")
  }

  /// Creates the folder `name` inside, and its parents.
  func makeFolder(_ name: String) throws(SweepError) {
    try Folder.create(name.isEmpty ? path : "\(path)/\(name)")
  }

  /// Fills the folder with `fill`, which gets its temporary path, and renames it into place;
  /// removes it on failure.
  func fill<Value>(
    _ fill: (_ path: String) throws(SweepError) -> Value
  ) throws(SweepError) -> Value {
    do throws(SweepError) {
      let value = try fill(path)
      guard rename(path, target) == 0 else {
        throw .system(at: target, "cannot put the folder in place")
      }
      return value
    } catch {
      try? FileManager.default.removeItem(atPath: path)
      throw error
    }
  }
}
