import Common
import GRDB

/// Several processes can share an experiment: each claims the cells that it trains.
///
/// A cell belongs to the sweep in its `sweep_id` until its run ends, the sweep ends, or another
/// sweep that knows it is dead claims the cell. Claiming is an atomic compare-and-set, so no two
/// sweeps ever have the same cell.
extension Store {
  /// Registers a sweep of an experiment.
  ///
  /// `token` is the name of its lock file. Throws if the store has no experiment of that name.
  package func join(
    _ experiment: String, token: String, host: String, processID: Int
  ) throws(SweepError) -> SweepID {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO sweeps (experiment_id, token, host, process_id, beat_at)
          SELECT id, ?, ?, ?, \(Self.now) FROM experiments WHERE name = ?
          """,
        arguments: [token, host, processID, experiment])
      guard db.changesCount == 1 else {
        throw SweepError(.runFailed, at: path, "the experiment \(experiment) no longer exists")
      }
      return SweepID(row: db.lastInsertedRowID)
    }
  }

  /// Records a heartbeat.
  package func beat(_ sweep: SweepID) throws(SweepError) {
    try execute(
      "UPDATE sweeps SET beats = beats + 1, beat_at = \(Self.now) WHERE id = ?", [sweep.row])
  }

  /// Ends a sweep.
  ///
  /// Its cells are released; its unfinished runs are interrupted for `reason`.
  package func leave(_ sweep: SweepID, reason: String? = nil) throws(SweepError) {
    try write { db in
      try db.execute(
        sql: """
          UPDATE runs SET
            status = 'interrupted', error = ?, ended_at = \(Self.now)
          WHERE status = 'running' AND cell_id IN (SELECT id FROM cells WHERE sweep_id = ?)
          """,
        arguments: [reason, sweep.row])
      try db.execute(
        sql: """
          UPDATE cells SET
            sweep_id = NULL, is_wanted = 0, status = iif(status = 'running', 'interrupted', status)
          WHERE sweep_id = ?
          """,
        arguments: [sweep.row])
      try Self.end(sweep, db)
    }
  }

  /// The sweeps of an experiment without a recorded end.
  package func sweeps(of experiment: String) throws(SweepError) -> [SweepRecord] {
    try rows(
      """
      SELECT
        s.id, s.token, s.host, s.process_id, s.beats,
        coalesce((julianday('now') - julianday(coalesce(s.beat_at, s.started_at))) * 86400, 0)
      FROM sweeps AS s JOIN experiments AS x ON x.id = s.experiment_id
      WHERE x.name = ? AND s.ended_at IS NULL ORDER BY s.id
      """, [experiment]
    ) { row in
      SweepRecord(
        id: SweepID(row: try row.next()), token: try row.next(), host: try row.next(),
        processID: try row.next(), beats: try row.next(), secondsSinceBeat: try row.next())
    }
  }

  /// Claims the `cells` that have one of `statuses` and that no sweep has, except those in `dead`.
  ///
  /// A run of such a cell without a recorded end becomes killed, and can record nothing more.
  package func claim(
    _ cells: [CellRecord], in statuses: Set<CellStatus>, by sweep: SweepID, dead: Set<SweepID> = []
  ) throws(SweepError) -> Set<String> {
    try write { db in
      for dead in dead {
        try db.execute(
          sql: "UPDATE cells SET sweep_id = NULL WHERE sweep_id = ?", arguments: [dead.row])
        try Self.end(dead, db)
      }
      let names = JSON.array(statuses.map { JSON.string($0.rawValue) }).text
      var claimed: Set<String> = []
      for cell in cells {
        try db.execute(
          sql: """
            UPDATE cells SET sweep_id = ?1, is_wanted = 0
            WHERE id = ?2 AND status IN (SELECT value FROM json_each(?3))
              AND (sweep_id IS NULL OR sweep_id = ?1)
            """,
          arguments: [sweep.row, cell.row, names])
        guard db.changesCount == 1 else { continue }
        claimed.insert(cell.description.id)
        try Self.killRuns(of: cell.row, db)
      }
      return claimed
    }
  }

  /// Releases a claimed cell that was not run.
  package func release(_ cell: CellRecord, by sweep: SweepID) throws(SweepError) {
    try execute(
      "UPDATE cells SET sweep_id = NULL WHERE id = ? AND sweep_id = ?", [cell.row, sweep.row])
  }

  /// Asks the sweeps that have `cells` to hand over some of them.
  package func want(_ cells: [CellRecord]) throws(SweepError) {
    let ids = JSON.array(cells.map { .integer(Int($0.row)) }).text
    try execute(
      """
      UPDATE cells SET is_wanted = 1
      WHERE id IN (SELECT value FROM json_each(?)) AND sweep_id IS NOT NULL
      """, [ids])
  }

  /// The ids of a sweep's cells that other sweeps wait for.
  package func wanted(of sweep: SweepID) throws(SweepError) -> Set<String> {
    Set(
      try rows("SELECT name FROM cells WHERE sweep_id = ? AND is_wanted = 1", [sweep.row]) {
        try $0.next() as String
      })
  }

  /// Asks sweeps to save and stop `cells`, and to skip them until a new sweep starts.
  package func stop(_ cells: [CellRecord]) throws(SweepError) {
    let ids = JSON.array(cells.map { .integer(Int($0.row)) }).text
    try execute(
      "UPDATE cells SET is_stopped = 1 WHERE id IN (SELECT value FROM json_each(?))", [ids])
  }

  /// Lets sweeps train `cells` again.
  package func release(stopped cells: some Sequence<CellRecord>) throws(SweepError) {
    let ids = JSON.array(cells.map { .integer(Int($0.row)) }).text
    try execute(
      """
      UPDATE cells SET is_stopped = 0
      WHERE is_stopped = 1 AND id IN (SELECT value FROM json_each(?))
      """, [ids])
  }

  /// The ids of an experiment's stopped cells.
  package func stopped(of experiment: String) throws(SweepError) -> Set<String> {
    Set(
      try rows(
        """
        SELECT c.name FROM cells AS c JOIN experiments AS x ON x.id = c.experiment_id
        WHERE x.name = ? AND c.is_stopped = 1
        """, [experiment]
      ) { row in try row.next() as String })
  }

  /// Whether a run still has its cell: it has not ended or been taken over.
  package func isRunning(_ run: RunID) throws(SweepError) -> Bool {
    try fetch { try Self.isRunning(run, $0) }
  }

  static func isRunning(_ run: RunID, _ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT status = 'running' FROM runs WHERE id = ?", arguments: [run.row]) ?? false
  }

  private static func end(_ sweep: SweepID, _ db: Database) throws {
    try db.execute(
      sql: "UPDATE sweeps SET ended_at = \(now) WHERE id = ? AND ended_at IS NULL",
      arguments: [sweep.row])
  }

  /// Marks a cell's runs without a recorded end as killed.
  static func killRuns(of cell: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE runs SET
          status = 'interrupted', error = 'killed: its end was not seen'
        WHERE cell_id = ? AND status = 'running'
        """,
      arguments: [cell])
    try db.execute(
      sql: "UPDATE cells SET status = 'interrupted' WHERE id = ? AND status = 'running'",
      arguments: [cell])
  }
}
