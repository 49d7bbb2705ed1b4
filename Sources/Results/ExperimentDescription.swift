/// An experiment to run.
package struct ExperimentDescription: Sendable, Equatable {
  /// The name, unique in the store.
  package var name: String
  package var file: String
  /// The folder of its weights, relative to the store's folder; used only if the experiment is new.
  package var folder: String
  package var cells: [CellDescription]
  package var claims: [Claim]

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

/// A stored experiment.
package struct ExperimentRecord: Sendable, Equatable {
  package let name: String
  /// The text of the experiment file as last run.
  package let file: String
  package let folder: String
  /// The first run: UTC, `2026-01-31T12:00:00.000Z`.
  package let createdAt: String
}
