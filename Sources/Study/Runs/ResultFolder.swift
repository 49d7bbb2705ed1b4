import Common
import Foundation

/// Where an experiment's weights lie: `<folder of the store>/<experiment>/…`.
public struct ResultFolder: Sendable {
  /// The folders in it.
  static let kinds = ["initial", "final", "checkpoints"]

  /// The experiment's folder.
  public let path: String

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

  /// The folder of an experiment beside the store at `store`.
  public init(store: String, experiment: String) {
    let folder = store.parentFolder
    path = folder.isEmpty ? experiment : (folder as NSString).appendingPathComponent(experiment)
  }

  /// The weights that every resolution of a (model, width, seed) starts from.
  public func initialWeights(of cell: Cell) -> String {
    "\(path)/initial/\(cell.initialWeightsName).safetensors"
  }

  /// The weights after the last epoch.
  public func finalWeights(of cell: Cell) -> String { "\(path)/final/\(cell.id).safetensors" }

  /// All that training needs to go on.
  public func checkpoint(of cell: Cell) -> String { "\(path)/checkpoints/\(cell.id).safetensors" }

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
