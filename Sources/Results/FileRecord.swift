/// A file of weights as the store knows it.
public struct FileRecord: Sendable, Equatable {
  /// What a file holds.
  public enum Kind: String, Sendable, CaseIterable {
    /// Weights before any training; cells that differ in other settings share them.
    case initial
    /// All that training needs to go on.
    case checkpoint
    /// The weights of the best epoch.
    case best
    /// The weights after the last epoch.
    case final

    /// The folder that it has in an experiment's folder.
    public var folder: String { self == .checkpoint ? "checkpoints" : rawValue }
  }

  /// What it holds.
  public var kind: Kind
  /// The SHA-256 of the cell's recipe; for initial weights of ``CellRecipe/initialWeights``.
  public var recipe: String
  /// Epochs of training in it.
  public var epoch: Int?
  /// Its path from the store's folder, which is set once and does not follow the cell's label.
  public var path: String
  /// The SHA-256 of its bytes, 64 hexadecimal digits; nil where nothing was written yet, or where an
  /// older version wrote it.
  public var sha256: String?
  /// Its length.
  public var bytes: Int?
  /// The SHA-256 of the checkpoint before, which lies at `path.previous`.
  public var previousSHA256: String?
  /// What the metadata of a file have to say that an older version wrote; nil for all others.
  public var metadata: [String: String]?

  /// A file that nothing was written to yet.
  public init(kind: Kind, recipe: String, path: String) {
    self.kind = kind
    self.recipe = recipe
    self.path = path
  }

  /// Whether it was ever written.
  public var isWritten: Bool { sha256 != nil || metadata != nil }
}
