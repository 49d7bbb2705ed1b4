import Common
import Foundation
import Results

/// Where an experiment's weights lie: `<folder of the store>/<experiment>/…`, unless another store
/// keeps its weights there.
package struct ResultFolder: Sendable {
  static let kinds = ["initial", "final", "checkpoints"]

  /// The folder's path from the store's folder.
  package let name: String
  package let path: String

  /// Whether an experiment of that name can have a folder: the name stays below the store's folder
  /// on any system.
  package static func isName(_ name: String) -> Bool {
    name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,99}/) != nil
  }

  /// Whether a name may collide with a store, the files that SQLite makes beside it, or the folder
  /// that a merge makes there.
  package static func isReserved(_ name: String) -> Bool {
    [".sqlite", ".db", "-wal", "-shm", "-journal", ".merge"].contains {
      name.lowercased().hasSuffix($0)
    }
  }

  /// The folder of an experiment: the one that its store has recorded, or a new one where no other
  /// store keeps weights.
  package init(of experiment: String, in store: Store) throws(SweepError) {
    let recorded = try store.experiment(named: experiment)?.folder
    self = recorded.map { Self($0, in: store.folder) } ?? Self.free(experiment, in: store.folder)
  }

  /// The first of `experiment`, `experiment~2`, … in a folder of stores that is free; no experiment
  /// has a name like the latter.
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

  /// Whether neither weights nor a cluster's tasks lie in it, and no file is in its way.
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
          advice: "make the folder writable, or name another place with --store")
      }
    }
  }
}
