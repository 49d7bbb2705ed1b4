import Common
import Foundation
import Results

/// Merges stores and their weights into one store, atomically.
package struct ResultMerge {
  package struct Source: Sendable, Equatable {
    package let path: String
    package let taken: Int
    /// The number of cells that already had the same figures, or more.
    package let same: Int
    package let files: Int
    /// The recorded files that no longer exist.
    package let missing: [String]
  }

  package let sources: [Source]
  /// The programs and libraries that produced the target's results.
  package let makers: [String]

  /// Merges the stores at `paths` into the one at `target`, which is created if needed.
  ///
  /// Cells are the same if their recipes are; an experiment's grid becomes the union of the grids.
  /// The source stores never change.
  ///
  /// Throws without changing anything if two stores have different figures or weights for a cell,
  /// if an experiment has different recipes or images, if a weights file is not the recorded one,
  /// or if a store or file cannot be read or written.
  package init(
    _ paths: [String], into target: String, files: any ResultFiles = DiskFiles()
  ) throws(SweepError) {
    let isNew = access(target, F_OK) != 0
    do {
      let store = try Store.open(target)
      sources = try Self.merge(paths, into: store, files: files)
      makers = try store.makers()
    } catch {
      // A store that this merge created and nobody else has written to.
      if isNew, let store = try? Store.read(target), (try? store.experiments().isEmpty) == true {
        for end in ["", "-wal", "-shm"] { unlink(target + end) }
      }
      throw error
    }
  }

  private static func merge(
    _ paths: [String], into store: Store, files: any ResultFiles
  ) throws(SweepError) -> [Source] {
    let weights = WeightsMerge(into: store, files: files)
    defer { weights.discard() }
    var sources: [Source] = []
    try store.merge(paths, files: weights) { (path, report, count) throws(SweepError) in
      sources.append(
        Source(
          path: path, taken: report.taken, same: report.same, files: count,
          missing: weights.missing))
    }
    weights.finish()
    return sources
  }
}
