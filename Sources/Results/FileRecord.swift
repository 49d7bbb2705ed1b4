/// A stored weights file.
package struct FileRecord: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Initial weights; cells that differ in other settings share them.
    case initial
    /// The full training state.
    case checkpoint
    /// The weights of the best epoch.
    case best
    /// The weights after the last epoch.
    case final

    /// Its subfolder in the experiment's folder.
    package var folder: String { self == .checkpoint ? "checkpoints" : rawValue }
  }

  package var kind: Kind
  /// The SHA-256 of the cell's recipe; for initial weights, of ``CellRecipe/initialWeights``.
  package var recipe: String
  /// The number of training epochs.
  package var epoch: Int?
  /// The path relative to the store's folder; it is set once and does not follow the cell's label.
  package var path: String
  /// The SHA-256 of the contents in 64 hexadecimal digits; nil if nothing was written yet, or if an
  /// older version wrote it.
  package var sha256: String?
  package var bytes: Int?
  /// The SHA-256 of the previous checkpoint, at `path.previous`.
  package var previousSHA256: String?
  /// The metadata required of a file that an older version wrote; nil for others.
  package var metadata: [String: String]?

  package init(kind: Kind, recipe: String, path: String) {
    self.kind = kind
    self.recipe = recipe
    self.path = path
  }

  package var isWritten: Bool { sha256 != nil || metadata != nil }
}
