import Common
import Foundation
import Results

/// Puts stores and the weights beside them into one: all of it, or nothing.
public struct ResultMerge {
  /// What a store has brought.
  public struct Source: Sendable, Equatable {
    /// Its path.
    public let path: String
    /// How many cells' runs were taken over.
    public let taken: Int
    /// How many cells were there already with the same figures, or more of them.
    public let same: Int
    /// How many files of weights came along.
    public let files: Int
  }

  /// What each store has brought, in the order given.
  public let sources: [Source]
  /// The processors that the target's runs were made on, with their vectors' width.
  public let processors: [String]

  /// Merges the stores at `paths` into the one at `target`, which is made where it is missing.
  ///
  /// Where an experiment got further axes meanwhile, the cells of older stores take their places in
  /// the newest grid.
  ///
  /// Throws, and leaves everything as it was, where two stores have different figures or weights
  /// for one cell, an experiment with different recipes or images, and where a store or a file
  /// cannot be read or written.
  public init(
    _ paths: [String], into target: String, files: any ResultFiles = DiskFiles()
  ) throws(SweepError) {
    let isNew = access(target, F_OK) != 0
    do {
      let store = try Store.open(target)
      sources = try Self.merge(paths, into: store, files: files)
      processors = try store.processors()
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
    do {
      return try merge(paths, into: store, MergeFrames(), files: files)
    } catch {
      // All stores are read for their recipes only where that may help.
      guard error.kind == .badInput, let frames = try? MergeFrames(of: [store.path] + paths),
        !frames.frames.isEmpty
      else { throw error }
      try frames.refuseCompany(in: store)
      return try merge(paths, into: store, frames, files: files)
    }
  }

  private static func merge(
    _ paths: [String], into store: Store, _ frames: MergeFrames, files: any ResultFiles
  ) throws(SweepError) -> [Source] {
    var sources: [Source] = []
    // Begins inside the transaction, where no other merge is at work.
    var weights: WeightsMerge?
    defer { weights?.discard() }
    try store.merge(paths, frames: frames.frames) { (path, report) throws(SweepError) in
      let collector = weights ?? WeightsMerge(into: store.path, frames: frames, files: files)
      weights = collector
      sources.append(
        Source(
          path: path, taken: report.taken, same: report.same,
          files: try collector.collect(from: path, report)))
    } publish: { () throws(SweepError) in
      try weights?.publish()
    }
    weights?.finish()
    return sources
  }
}
