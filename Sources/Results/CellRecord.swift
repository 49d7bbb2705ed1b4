/// A cell as the store knows it: its definition, where it stands, and its last run.
public struct CellRecord: Sendable, Equatable {
  let row: Int64
  /// The cell as the grid defines it.
  public let description: CellDescription
  /// Whether the grid, as last run, holds it; one that was dropped keeps its figures.
  public let isInGrid: Bool
  /// Where it stands.
  public let status: CellStatus
  /// How many epochs are recorded.
  public let completedEpochs: Int
  /// Its last run; nil where it never ran.
  public let lastRun: LastRun?
  /// The sweep that has claimed it; nil where none has.
  public let claim: SweepID?

  /// What is told of a cell's last run.
  public struct LastRun: Sendable, Equatable {
    /// Which attempt it is, from 1.
    public let attempt: Int
    /// When it started: UTC, `2026-01-31T12:00:00.000Z`.
    public let startedAt: String
    /// When it ended; nil while it runs and where its end was not seen.
    public let endedAt: String?
    /// Why it did not get done.
    public let error: String?
    /// The machine it ran on.
    public let host: String
    /// The process that ran it there.
    public let processID: Int
    /// SHA-256 of the file of initial weights.
    public let initialWeightsSHA256: String
    /// The fingerprint of the images it saw.
    public let dataFingerprint: String
  }
}
