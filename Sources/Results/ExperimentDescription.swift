/// An experiment as it is about to be run.
package struct ExperimentDescription: Sendable, Equatable {
  /// The experiment's name, unique in the store.
  package var name: String
  /// The text of the experiment file.
  package var file: String
  /// The folder of its weights, from the store's folder; it counts when the experiment is new.
  package var folder: String
  /// The cells in the grid's order.
  package var cells: [CellDescription]
  /// What it claims about its models.
  package var claims: [Claim]

  /// An experiment of the given cells.
  package init(
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
package struct ExperimentRecord: Sendable, Equatable {
  /// The experiment's name.
  package let name: String
  /// The text of the experiment file as last run.
  package let file: String
  /// The folder of its weights, from the store's folder.
  package let folder: String
  /// When it was first run: UTC, `2026-01-31T12:00:00.000Z`.
  package let createdAt: String
}
