/// A cell as the store knows it: its definition, where it stands, and its last run.
package struct CellRecord: Sendable, Equatable {
  let row: Int64
  package let description: CellDescription
  /// Whether the grid, as last run, holds it; one that was dropped keeps its figures.
  package let isInGrid: Bool
  package let status: CellStatus
  package let completedEpochs: Int
  /// The sweep that has claimed it; nil where none has.
  package let claim: SweepID?
  /// Its last run; nil where it never ran.
  package let lastRun: LastRun?

  package struct LastRun: Sendable, Equatable {
    /// Which attempt it is, from 1.
    package let attempt: Int
    /// When it started: UTC, `2026-01-31T12:00:00.000Z`.
    package let startedAt: String
    /// When it ended; nil while it runs and where its end was not seen.
    package let endedAt: String?
    package let error: String?
    package let host: String
    package let processID: Int
    package let initialWeightsSHA256, dataFingerprint: String
  }
}
