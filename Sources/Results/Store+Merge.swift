import Common
import Foundation
import GRDB

/// The result of merging one store into another.
package struct MergeReport: Sendable, Equatable {
  /// The outcome for a cell with runs in the source store.
  package enum Fate: Sendable, Equatable {
    /// Its runs were added.
    case taken
    /// The target had the same figures.
    case same
    /// The target was further along.
    case behind
  }

  /// A weights file to copy from the source store.
  package struct Copy: Sendable, Equatable {
    /// The source file.
    package let file: FileRecord
    /// The path in the target, relative to the store's folder.
    package let target: String
  }

  /// The source's cells with runs, by experiment and label.
  package var cells: [String: [String: Fate]] = [:]
  package var copies: [Copy] = []
  /// The target's files that are replaced.
  package var replaced: [FileRecord] = []

  /// The number of cells whose runs were added.
  package var taken: Int { count(.taken) }
  /// The number of cells that already had the same figures, or more.
  package var same: Int { count(.same) + count(.behind) }

  private func count(_ fate: Fate) -> Int {
    cells.values.reduce(0) { $0 + $1.values.count { $0 == fate } }
  }
}

/// The files of weights beside the stores of a merge.
package protocol MergeFiles: AnyObject {
  /// The folder for an experiment that is new to the target, relative to the target's folder.
  func folder(for experiment: String) throws(SweepError) -> String

  /// Whether a file exists at a path relative to the target's folder.
  func exists(_ path: String) -> Bool

  /// Stages a source's files, whose paths are relative to `folder`; returns the target paths of
  /// missing ones.
  func collect(_ report: MergeReport, from folder: String) throws(SweepError) -> [String]

  /// Moves the staged files into place, after all sources are read and before the commit.
  func publish() throws(SweepError)
}

extension Store {
  /// Merges the stores at `paths` into this one in a single transaction.
  ///
  /// Identical rows are merged. Stores are opened one at a time and not changed. `each` is called
  /// with each store's report and its number of files; if it throws, nothing is merged.
  ///
  /// Throws if two stores have different figures or weights for a cell, if the cells of an
  /// experiment do not fit one grid or used different images, or if a store or file cannot be read.
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
        .usage, at: other, "is the target store", advice: "name it once, first")
    }
    let source = try Store.read(other)
    do {
      return (source.folder, try source.queue.read { try merge.take($0, path: other) })
    } catch let error as DatabaseError {
      // This is the only store being written.
      let isMine = [.SQLITE_FULL, .SQLITE_READONLY].contains(error.resultCode)
      throw StoreFailure.explain(error, path: isMine ? path : other)
    }
  }

  /// The device and inode that identify a file; nil if it does not exist.
  private static func fileNumber(_ path: String) -> [UInt64]? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    return [UInt64(information.st_dev), UInt64(information.st_ino)]
  }
}
