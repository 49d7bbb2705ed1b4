import Common
import Foundation
import GRDB

extension Store {
  /// The experiments, oldest first.
  package func experiments() throws(SweepError) -> [ExperimentRecord] {
    try rows(
      """
      SELECT x.name, f.text, x.folder, x.created_at
      FROM experiments AS x JOIN experiment_files AS f ON f.sha256 = x.file_sha256 ORDER BY x.id
      """
    ) { row in
      ExperimentRecord(
        name: try row.next(), file: try row.next(), folder: try row.next(),
        createdAt: try row.next())
    }
  }

  package func experiment(named name: String) throws(SweepError) -> ExperimentRecord? {
    try experiments().first { $0.name == name }
  }

  /// Returns the experiment named `name`, or the most recently active one if that is nil.
  ///
  /// Throws if the store has no experiment, or none of that name.
  package func chooseExperiment(_ name: String?) throws(SweepError) -> String {
    let names = try experiments().map(\.name)
    guard !names.isEmpty else {
      throw SweepError(
        .badInput, at: path, "the store holds no experiment yet",
        advice: "`sweep run EXPERIMENT.json` adds one")
    }
    guard let name else { return try overview().last?.name ?? names[0] }
    guard names.contains(name) else {
      throw SweepError(
        .badInput, at: path, "the store holds no experiment \"\(name)\"",
        advice: Spelling.advice(for: name, among: names))
    }
    return name
  }

  /// The cells of an experiment in grid order, removed cells last.
  package func cells(of experiment: String) throws(SweepError) -> [CellRecord] {
    try rows(
      """
      SELECT
        c.id, \(Self.cellColumns), c.position IS NOT NULL, c.status,
        (SELECT coalesce(max(epoch), 0) FROM epochs WHERE cell_id = c.id AND superseded = 0),
        c.sweep_id, r.attempt, r.started_at, r.ended_at, r.error, r.host, r.process_id,
        r.initial_weights_sha256, r.data_fingerprint
      FROM experiments AS x
      JOIN cells AS c ON c.experiment_id = x.id
      LEFT JOIN runs AS r ON r.cell_id = c.id AND
        r.attempt = (SELECT max(attempt) FROM runs WHERE cell_id = c.id)
      WHERE x.name = ?
      ORDER BY c.position IS NULL, c.position, c.id
      """, [experiment]
    ) { row in
      CellRecord(
        row: try row.next(), description: try Self.description(&row), isInGrid: try row.next(),
        status: try row.status(), completedEpochs: try row.next(),
        claim: (try row.next() as Int64?).map(SweepID.init), lastRun: try Self.lastRun(&row))
    }
  }

  /// The final and best figures of an experiment's cells, in grid order.
  ///
  /// Removed cells that never ran are omitted.
  package func results(of experiment: String) throws(SweepError) -> [ResultRow] {
    try rows(
      """
      SELECT
        \(Self.cellColumns), r.status, epochs, train_loss, train_loss_is_nan, train_accuracy,
        val_loss, val_loss_is_nan, val_accuracy, best_val_accuracy, best_epoch, seconds,
        images_per_second, latency_seconds, test_loss, test_loss_is_nan, test_accuracy
      FROM results AS r
      JOIN experiments AS x ON x.name = r.experiment
      JOIN cells AS c ON c.experiment_id = x.id AND c.name = r.cell
      WHERE experiment = ? ORDER BY c.position IS NULL, c.position, c.id
      """, [experiment]
    ) { row in
      ResultRow(
        cell: try Self.description(&row), status: try row.status(), epochs: try row.next(),
        trainLoss: try row.loss(), trainAccuracy: try row.next(), valLoss: try row.loss(),
        valAccuracy: try row.next(), bestValAccuracy: try row.next(), bestEpoch: try row.next(),
        seconds: try row.next(), imagesPerSecond: try row.next(),
        latencySeconds: try row.next(), testLoss: try row.loss(), testAccuracy: try row.next())
    }
  }

  /// The valid epochs of an experiment's cells, or of the cell with id `cell`, in grid order.
  package func history(
    of experiment: String, cell: String? = nil
  ) throws(SweepError) -> [HistoryRow] {
    try rows(
      """
      SELECT
        c.name, e.epoch, e.train_loss, e.train_loss_is_nan, e.train_accuracy, e.val_loss,
        e.val_loss_is_nan, e.val_accuracy, e.learning_rate, e.train_seconds, e.val_seconds,
        e.images_per_second
      FROM experiments AS x
      JOIN cells AS c ON c.experiment_id = x.id
      JOIN epochs AS e ON e.cell_id = c.id AND e.superseded = 0
      WHERE x.name = ?1 AND (?2 IS NULL OR c.name = ?2)
      ORDER BY c.position IS NULL, c.position, c.id, e.epoch
      """, [experiment, cell]
    ) { row in
      HistoryRow(
        cell: try row.next(),
        record: EpochRecord(
          epoch: try row.next(), trainLoss: try row.loss() ?? .nan, trainAccuracy: try row.next(),
          valLoss: try row.loss(), valAccuracy: try row.next(), learningRate: try row.next(),
          trainSeconds: try row.next(), valSeconds: try row.next(),
          imagesPerSecond: try row.next()))
    }
  }

  /// The claims of an experiment.
  package func claims(of experiment: String) throws(SweepError) -> [Claim] {
    try rows("SELECT claims FROM experiments WHERE name = ?", [experiment]) { row in
      try Claim.stored(row.next(), in: path)
    }.first ?? []
  }

  /// The distinct programs and libraries (``RunDescription/maker``) behind the figures of an
  /// experiment, or of the whole store.
  package func makers(of experiment: String? = nil) throws(SweepError) -> [String] {
    let makers = try fetch { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT r.program_version, r.git_commit, r.git_dirty, r.libraries
          FROM experiments AS x
          JOIN cells AS c ON c.experiment_id = x.id JOIN runs AS r ON r.cell_id = c.id
          WHERE (?1 IS NULL OR x.name = ?1)
            AND EXISTS (SELECT 1 FROM epochs WHERE run_id = r.id AND superseded = 0)
          """,
        arguments: [experiment]
      ).map { row in
        let text: String = row[3]
        let libraries = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        return RunDescription.maker(
          version: row[0], commit: row[1], isDirty: row[2], libraries: libraries ?? [:])
      }
    }
    return Set(makers).sorted()
  }

  /// The distinct machines of an experiment's runs: processor, threads, operating system.
  package func machines(of experiment: String) throws(SweepError) -> [String] {
    try rows(
      """
      SELECT DISTINCT r.processor || ', ' || r.threads ||
        iif(r.threads = 1, ' thread, ', ' threads, ') || r.operating_system
      FROM experiments AS x
      JOIN cells AS c ON c.experiment_id = x.id JOIN runs AS r ON r.cell_id = c.id
      WHERE x.name = ? ORDER BY 1
      """, [experiment]
    ) { try $0.next() }
  }

  /// The processors of all runs, with their vector width.
  package func processors() throws(SweepError) -> [String] {
    try rows(
      "SELECT DISTINCT processor || ', ' || vector_bits || '-bit vectors' FROM runs ORDER BY 1"
    ) { try $0.next() }
  }

  /// A number that changes whenever any program changes the store.
  package func dataVersion() throws(SweepError) -> Int {
    try fetch { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
  }

  /// The version of the SQLite library in use, `3.40.1`.
  package func sqliteVersion() throws(SweepError) -> String {
    try fetch { try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "" }
  }

  /// The columns that `description` reads, for cells as `c`.
  private static let cellColumns = """
    c.name, c.recipe, c.model, c.width, c.resolution, c.seed, c.axes, c.params, c.macs, c.flops,
    c.thop_macs, c.activation_bytes, c.planned_epochs
    """

  private static func description(_ row: inout Columns) throws -> CellDescription {
    CellDescription(
      id: try row.next(), recipe: CellRecipe(stored: try row.next()), model: try row.next(),
      width: try row.next(), resolution: try row.next(), seed: try row.next(),
      axes: GridCell.axes(try row.next()), params: try row.next(), macs: try row.next(),
      flops: try row.next(), thopMACs: try row.next(), activationBytes: try row.next(),
      epochs: try row.next())
  }

  private static func lastRun(_ row: inout Columns) throws -> CellRecord.LastRun? {
    guard let attempt = try row.next() as Int? else { return nil }
    return CellRecord.LastRun(
      attempt: attempt, startedAt: try row.next(), endedAt: try row.next(), error: try row.next(),
      host: try row.next(), processID: try row.next(), initialWeightsSHA256: try row.next(),
      dataFingerprint: try row.next())
  }
}
