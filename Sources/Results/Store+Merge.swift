import Common
import Foundation
import GRDB

/// What came of merging one store into another.
public struct MergeReport: Sendable, Equatable {
  /// What became of a cell that the other store has runs of.
  public enum Fate: Sendable, Equatable {
    /// Its runs were taken over.
    case taken
    /// It was there already with the same figures.
    case same
    /// It was there already and further on.
    case behind
  }

  /// The cells that ever ran there, by experiment and id.
  public var cells: [String: [String: Fate]] = [:]
  /// The recipes that the other store has for the experiments with a frame, by name.
  public var recipes: [String: String] = [:]
  /// The recipes that this store had for such experiments until now, by name.
  public var replaced: [String: String] = [:]

  /// How many cells' runs were taken over.
  public var taken: Int { count(.taken) }
  /// How many cells were there already with the same figures, or more of them.
  public var same: Int { count(.same) + count(.behind) }

  private func count(_ fate: Fate) -> Int {
    cells.values.reduce(0) { $0 + $1.values.count { $0 == fate } }
  }
}

extension Store {
  /// Takes over what the stores at `paths` have and this one has not: all of it, or nothing.
  ///
  /// Rows that are the same are one. `frames` tell, by name, what experiments with several recipes
  /// become. The stores are opened one at a time. `each` hears what a store
  /// brings; when it throws, nothing is taken over. `publish` is called when all have been read,
  /// before anything counts, and may throw too.
  ///
  /// Throws where two stores have a cell with different figures, an experiment with different
  /// recipes, or cells that were trained on different images, and where a store cannot be read.
  public func merge(
    _ paths: [String], frames: [String: MergeFrame] = [:],
    each: (_ path: String, _ report: MergeReport) throws(SweepError) -> Void = {
      (_, _) throws(SweepError) in
    }, publish: () throws(SweepError) -> Void = {}
  ) throws(SweepError) {
    do {
      try queue.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          var merge = StoreMerge(into: db, path: path, frames: frames)
          for other in paths {
            let report = try take(other, by: &merge)
            try each(other, report)
          }
          try publish()
          return .commit
        }
      }
    } catch {
      throw explain(error)
    }
  }

  private func take(_ other: String, by merge: inout StoreMerge) throws -> MergeReport {
    guard Self.fileNumber(other) != Self.fileNumber(path) else {
      throw SweepError(
        .usage, at: other, "is the store that takes the results", advice: "name it once, first")
    }
    let source = try Store.read(other)
    do {
      return try source.queue.read { try merge.take($0, path: other) }
    } catch let error as DatabaseError {
      // Only this store is written.
      let isMine = [.SQLITE_FULL, .SQLITE_READONLY].contains(error.resultCode)
      throw StoreFailure.explain(error, path: isMine ? path : other)
    }
  }

  /// What tells a file from all others, whatever it is called; nil where there is none.
  private static func fileNumber(_ path: String) -> [UInt64]? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    return [UInt64(information.st_dev), UInt64(information.st_ino)]
  }

  /// The processors that runs were made on, with their vectors' width.
  public func processors() throws(SweepError) -> [String] {
    try fetch { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT processor || ', ' || vector_bits || '-bit vectors' FROM runs ORDER BY 1
          """)
    }
  }
}
