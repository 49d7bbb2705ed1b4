/// A file of weights as the store knows it.
package struct FileRecord: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Weights before any training; cells that differ in other settings share them.
    case initial
    /// All that training needs to go on.
    case checkpoint
    /// The weights of the best epoch.
    case best
    /// The weights after the last epoch.
    case final

    /// The folder that it has in an experiment's folder.
    package var folder: String { self == .checkpoint ? "checkpoints" : rawValue }
  }

  package var kind: Kind
  /// The SHA-256 of the cell's recipe; for initial weights of ``CellRecipe/initialWeights``.
  package var recipe: String
  /// Epochs of training in it.
  package var epoch: Int?
  /// Its path from the store's folder, which is set once and does not follow the cell's label.
  package var path: String
  /// The SHA-256 of its bytes, 64 hexadecimal digits; nil where nothing was written yet, or where an
  /// older version wrote it.
  package var sha256: String?
  package var bytes: Int?
  /// The SHA-256 of the checkpoint before, which lies at `path.previous`.
  package var previousSHA256: String?
  /// What the metadata of a file have to say that an older version wrote; nil for all others.
  package var metadata: [String: String]?

  package init(kind: Kind, recipe: String, path: String) {
    self.kind = kind
    self.recipe = recipe
    self.path = path
  }

  package var isWritten: Bool { sha256 != nil || metadata != nil }
}
