import Common
import GRDB

/// An attempt at a cell.
package struct RunRecord: Sendable, Equatable {
  package let attempt: Int
  /// `running`, `done`, `diverged`, `failed` or `interrupted`.
  package let status: String
  /// UTC, `2026-01-31T12:00:00.000Z`; the end is nil if it was not recorded.
  package let startedAt: String
  package let endedAt: String?
  /// Epochs of earlier attempts that it continued from, and its own recorded epochs.
  package let resumedEpochs, epochs: Int
  /// Why it did not complete.
  package let error: String?
  package let host, processor, programVersion: String
  package let threads: Int
  package let dataFingerprint: String
}

extension Store {
  /// The attempts at a cell, oldest first.
  package func runs(of cell: CellRecord) throws(SweepError) -> [RunRecord] {
    try rows(
      """
      SELECT attempt, status, started_at, ended_at, resumed_epochs,
        (SELECT count(*) FROM epochs WHERE run_id = runs.id), error, host, processor,
        program_version, threads, data_fingerprint
      FROM runs WHERE cell_id = ? ORDER BY attempt
      """, [cell.row]
    ) { row in
      RunRecord(
        attempt: try row.next(), status: try row.next(), startedAt: try row.next(),
        endedAt: try row.next(), resumedEpochs: try row.next(), epochs: try row.next(),
        error: try row.next(), host: try row.next(), processor: try row.next(),
        programVersion: try row.next(), threads: try row.next(), dataFingerprint: try row.next())
    }
  }
}
