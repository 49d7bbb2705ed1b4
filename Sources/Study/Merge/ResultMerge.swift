import Common
import Foundation
import Results

/// Puts stores and the weights beside them into one: all of it, or nothing.
package struct ResultMerge {
  package struct Source: Sendable, Equatable {
    package let path: String
    package let taken: Int
    /// How many cells were there already with the same figures, or more of them.
    package let same: Int
    package let files: Int
    /// The files that its store has recorded but are gone.
    package let missing: [String]
  }

  package let sources: [Source]
  /// The programs and libraries that made the target's figures.
  package let makers: [String]

  /// Merges the stores at `paths` into the one at `target`, which is made where it is missing.
  ///
  /// Cells are the same where their recipes are; an experiment gets the grid that has the cells of
  /// all stores. The stores at `paths` are never changed.
  ///
  /// Throws, and leaves everything as it was, where two stores have different figures or weights
  /// for one cell, an experiment with different recipes or images, where a file of weights is not
  /// the one that its store recorded, and where a store or a file cannot be read or written.
  package init(
    _ paths: [String], into target: String, files: any ResultFiles = DiskFiles()
  ) throws(SweepError) {
    let isNew = access(target, F_OK) != 0
    do {
      let store = try Store.open(target)
      sources = try Self.merge(paths, into: store, files: files)
      makers = try store.makers()
    } catch {
      // A store that was only made for this, and that nobody else has written to.
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
