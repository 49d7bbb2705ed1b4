import Common
import Foundation
import Results

/// Where an experiment's weights lie: `<folder of the store>/<experiment>/…`, unless another store
/// keeps its weights there.
package struct ResultFolder: Sendable {
  /// The folders in it.
  static let kinds = ["initial", "final", "checkpoints"]

  /// The folder's path from the store's folder.
  package let name: String
  /// The folder's path.
  package let path: String

  /// Whether an experiment of that name can have a folder: the name stays below the store's folder
  /// on any system.
  static func isName(_ name: String) -> Bool {
    name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,99}/) != nil
  }

  /// Whether a name may collide with a store and SQLite's files beside it, which lie in the same
  /// folder.
  static func isReserved(_ name: String) -> Bool {
    [".sqlite", ".db", "-wal", "-shm", "-journal"].contains { name.lowercased().hasSuffix($0) }
  }

  /// The folder of an experiment: the one that its store has recorded, or a new one where no other
  /// store keeps weights.
  package init(of experiment: String, in store: Store) throws(SweepError) {
    if let recorded = try store.experiment(named: experiment)?.folder {
      self.init(recorded, besides: store)
    } else {
      self = Self.free(experiment, besides: store)
    }
  }

  /// The first of `experiment`, `experiment~2`, … where no weights lie; no experiment has a name like
  /// the latter.
  static func free(_ experiment: String, besides store: Store) -> ResultFolder {
    var folder = ResultFolder(experiment, besides: store)
    var number = 1
    while !folder.isEmpty {
      number += 1
      folder = ResultFolder("\(experiment)~\(number)", besides: store)
    }
    return folder
  }

  private init(_ name: String, besides store: Store) {
    self.name = name
    path = store.folder.isEmpty ? name : (store.folder as NSString).appendingPathComponent(name)
  }

  /// Whether no weights lie in it.
  private var isEmpty: Bool {
    Self.kinds.allSatisfy { kind in
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(kind)")) ?? []).isEmpty
    }
  }

  /// Makes the folders.
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
