/// An experiment as it is about to be run.
public struct ExperimentDescription: Sendable, Equatable {
  /// The experiment's name, unique in the store.
  public var name: String
  /// The text of the experiment file.
  public var file: String
  /// The folder of its weights, from the store's folder; it counts when the experiment is new.
  public var folder: String
  /// The cells in the grid's order.
  public var cells: [CellDescription]
  /// What it claims about its models.
  public var claims: [Claim]

  /// An experiment of the given cells.
  public init(
    name: String, file: String, folder: String, cells: [CellDescription], claims: [Claim] = []
  ) {
    self.name = name
    self.file = file
    self.folder = folder
    self.cells = cells
    self.claims = claims
  }
}

/// An experiment as the store knows it.
public struct ExperimentRecord: Sendable, Equatable {
  /// The experiment's name.
  public let name: String
  /// The text of the experiment file as last run.
  public let file: String
  /// The folder of its weights, from the store's folder.
  public let folder: String
  /// When it was first run: UTC, `2026-01-31T12:00:00.000Z`.
  public let createdAt: String
}
