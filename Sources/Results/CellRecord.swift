/// A stored cell: its definition, status and last run.
package struct CellRecord: Sendable, Equatable {
  let row: Int64
  package let description: CellDescription
  /// Whether the last grid contains it; removed cells keep their figures.
  package let isInGrid: Bool
  package let status: CellStatus
  package let completedEpochs: Int
  /// The sweep that has claimed it, if any.
  package let claim: SweepID?
  /// The last run; nil if it never ran.
  package let lastRun: LastRun?

  package struct LastRun: Sendable, Equatable {
    /// The number of the attempt, from 1.
    package let attempt: Int
    /// The start: UTC, `2026-01-31T12:00:00.000Z`.
    package let startedAt: String
    /// The end; nil while it runs, or if the end was not recorded.
    package let endedAt: String?
    package let error: String?
    package let host: String
    package let processID: Int
    package let initialWeightsSHA256, dataFingerprint: String
  }
}
