import Common
import Foundation
import Results

/// The folder of an experiment's weights: `<store's folder>/<experiment>/…`, unless another store
/// uses it.
package struct ResultFolder: Sendable {
  static let kinds = ["initial", "final", "checkpoints"]

  /// The path relative to the store's folder.
  package let name: String
  package let path: String

  /// Whether the name is a valid folder name on any system and stays below the store's folder.
  package static func isName(_ name: String) -> Bool {
    name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,99}/) != nil
  }

  /// Whether a name can collide with a store, SQLite's files beside it, or a merge's staging
  /// folder.
  package static func isReserved(_ name: String) -> Bool {
    [".sqlite", ".db", "-wal", "-shm", "-journal", ".merge"].contains {
      name.lowercased().hasSuffix($0)
    }
  }

  /// The recorded folder, or a new one that no other store uses.
  package init(of experiment: String, in store: Store) throws(SweepError) {
    let recorded = try store.experiment(named: experiment)?.folder
    self = recorded.map { Self($0, in: store.folder) } ?? Self.free(experiment, in: store.folder)
  }

  /// The first free one of `experiment`, `experiment~2`, …; no experiment name contains `~`.
  package static func free(_ experiment: String, in folder: String) -> ResultFolder {
    var free = ResultFolder(experiment, in: folder)
    var number = 1
    while !free.isFree {
      number += 1
      free = ResultFolder("\(experiment)~\(number)", in: folder)
    }
    return free
  }

  private init(_ name: String, in folder: String) {
    self.name = name
    path = folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
  }

  /// Whether it holds no weights or cluster tasks, and no file blocks it.
  private var isFree: Bool {
    var status = stat()
    let isInTheWay = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    return !isInTheWay
      && (Self.kinds + ["slurm/tasks"]).allSatisfy { kind in
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(kind)")) ?? []).isEmpty
      }
  }

  func create() throws(SweepError) {
    for name in Self.kinds {
      let folder = "\(path)/\(name)"
      try Folder.create(folder)
      guard access(folder, W_OK) == 0 else {
        throw .system(
          at: folder, "cannot write here",
          advice: "make the folder writable, or choose another location with --store")
      }
    }
  }
}
