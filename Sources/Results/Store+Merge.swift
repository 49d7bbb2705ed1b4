import Common
import Foundation
import GRDB

/// What came of merging one store into another.
package struct MergeReport: Sendable, Equatable {
  /// What became of a cell that the other store has runs of.
  package enum Fate: Sendable, Equatable {
    /// Its runs were taken over.
    case taken
    /// It was there already with the same figures.
    case same
    /// It was there already and further on.
    case behind
  }

  /// A file of weights that the other store has and this one gets.
  package struct Copy: Sendable, Equatable {
    /// The file there.
    package let file: FileRecord
    /// Its path here, from the folder of the store.
    package let target: String
  }

  /// The cells that ever ran there, by experiment and label.
  package var cells: [String: [String: Fate]] = [:]
  /// The files that come along.
  package var copies: [Copy] = []
  /// The files of this store that others take the place of.
  package var replaced: [FileRecord] = []

  /// How many cells' runs were taken over.
  package var taken: Int { count(.taken) }
  /// How many cells were there already with the same figures, or more of them.
  package var same: Int { count(.same) + count(.behind) }

  private func count(_ fate: Fate) -> Int {
    cells.values.reduce(0) { $0 + $1.values.count { $0 == fate } }
  }
}

/// The files of weights beside the stores of a merge.
package protocol MergeFiles: AnyObject {
  /// The folder for an experiment that is new to the target, from the target's folder.
  func folder(for experiment: String) throws(SweepError) -> String

  /// Whether there is a file at a path from the target's folder.
  func exists(_ path: String) -> Bool

  /// Collects the files that a source brings, whose paths begin at `folder`; gives the paths in the
  /// target of those that are gone.
  func collect(_ report: MergeReport, from folder: String) throws(SweepError) -> [String]

  /// Puts the collected files in their places; called when all sources have been read, before
  /// anything counts.
  func publish() throws(SweepError)
}

extension Store {
  /// Takes over what the stores at `paths` have and this one has not: all of it, or nothing.
  ///
  /// Rows that are the same are one. The stores are opened one at a time and not changed. `each`
  /// hears what a store brings, and how many of its files; when it throws, nothing is taken over.
  ///
  /// Throws where two stores have a cell with different figures or weights, an experiment whose
  /// cells have no place in one grid, or cells that were trained on different images, and where a
  /// store or a file cannot be read.
  package func merge(
    _ paths: [String], files: (any MergeFiles)? = nil,
    each: (_ path: String, _ report: MergeReport, _ files: Int) throws(SweepError) -> Void = {
      (_, _, _) throws(SweepError) in
    }
  ) throws(SweepError) {
    do {
      try queue.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          var merge = StoreMerge(into: db, path: path, files: files)
          for other in paths {
            let (folder, report) = try take(other, by: &merge)
            let missing = try files?.collect(report, from: folder) ?? []
            for path in missing {
              try db.execute(sql: "DELETE FROM files WHERE path = ?", arguments: [path])
            }
            try each(other, report, report.copies.count - missing.count)
          }
          try files?.publish()
          return .commit
        }
      }
    } catch {
      throw explain(error)
    }
  }

  private func take(
    _ other: String, by merge: inout StoreMerge
  ) throws -> (folder: String, report: MergeReport) {
    guard Self.fileNumber(other) != Self.fileNumber(path) else {
      throw SweepError(
        .usage, at: other, "is the store that takes the results", advice: "name it once, first")
    }
    let source = try Store.read(other)
    do {
      return (source.folder, try source.queue.read { try merge.take($0, path: other) })
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
}
