/// A cell as the store knows it: its definition, where it stands, and its last run.
package struct CellRecord: Sendable, Equatable {
  let row: Int64
  /// The cell as the grid defines it.
  package let description: CellDescription
  /// Whether the grid, as last run, holds it; one that was dropped keeps its figures.
  package let isInGrid: Bool
  /// Where it stands.
  package let status: CellStatus
  /// How many epochs are recorded.
  package let completedEpochs: Int
  /// Its last run; nil where it never ran.
  package let lastRun: LastRun?
  /// The sweep that has claimed it; nil where none has.
  package let claim: SweepID?

  /// What is told of a cell's last run.
  package struct LastRun: Sendable, Equatable {
    /// Which attempt it is, from 1.
    package let attempt: Int
    /// When it started: UTC, `2026-01-31T12:00:00.000Z`.
    package let startedAt: String
    /// When it ended; nil while it runs and where its end was not seen.
    package let endedAt: String?
    /// Why it did not get done.
    package let error: String?
    /// The machine it ran on.
    package let host: String
    /// The process that ran it there.
    package let processID: Int
    /// SHA-256 of the file of initial weights.
    package let initialWeightsSHA256: String
    /// The fingerprint of the images it saw.
    package let dataFingerprint: String
  }
}
