import Common
import GRDB

extension Store {
  /// The experiments, oldest first.
  package func experiments() throws(SweepError) -> [ExperimentRecord] {
    try fetch { try Self.experiments($0, where: "1", []) }
  }

  /// The experiment of that name; nil where there is none.
  package func experiment(named name: String) throws(SweepError) -> ExperimentRecord? {
    try fetch { try Self.experiments($0, where: "x.name = ?", [name]).first }
  }

  /// The cells of an experiment in the grid's order, those that left the grid last.
  package func cells(of experiment: String) throws(SweepError) -> [CellRecord] {
    try fetch { db in
      let axes = try Self.axes(db, of: experiment)
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT
            c.name, c.model, c.width, c.resolution, c.seed, c.params, c.macs, c.flops, c.thop_macs,
            c.activation_bytes, c.planned_epochs, c.recipe, c.id, c.position IS NOT NULL, c.status,
            (SELECT coalesce(max(epoch), 0) FROM epochs WHERE cell_id = c.id AND superseded = 0),
            r.attempt, r.started_at, r.ended_at, r.error, r.host, r.process_id,
            r.initial_weights_sha256, r.data_fingerprint, c.sweep_id
          FROM experiments AS x
          JOIN cells AS c ON c.experiment_id = x.id
          LEFT JOIN runs AS r ON r.cell_id = c.id AND
            r.attempt = (SELECT max(attempt) FROM runs WHERE cell_id = c.id)
          WHERE x.name = ?
          ORDER BY c.position IS NULL, c.position, c.id
          """,
        arguments: [experiment])
      var cells: [CellRecord] = []
      while let row = try rows.next() {
        cells.append(
          CellRecord(
            row: try row.decode(atIndex: 12), description: try Self.description(row, axes),
            isInGrid: try row.decode(atIndex: 13), status: try Self.status(row, at: 14),
            completedEpochs: try row.decode(atIndex: 15), lastRun: try Self.lastRun(row),
            claim: try row.decode(Int64?.self, atIndex: 24).map(SweepID.init)))
      }
      return cells
    }
  }

  /// The final and best figures of an experiment's cells, in the grid's order.
  ///
  /// Cells that left the grid before they ever ran are not among them.
  package func results(of experiment: String) throws(SweepError) -> [ResultRow] {
    try fetch { db in
      let axes = try Self.axes(db, of: experiment)
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT
            cell, r.model, r.width, r.resolution, r.seed, r.params, r.macs, r.flops, r.thop_macs,
            r.activation_bytes, r.planned_epochs, c.recipe, r.status, epochs, train_loss,
            train_loss_is_nan, train_accuracy, val_loss, val_loss_is_nan, val_accuracy,
            best_val_accuracy, best_epoch, seconds, images_per_second, latency_seconds
          FROM results AS r
          JOIN experiments AS x ON x.name = r.experiment
          JOIN cells AS c ON c.experiment_id = x.id AND c.name = r.cell
          WHERE experiment = ? ORDER BY c.position IS NULL, c.position, c.id
          """,
        arguments: [experiment])
      var results: [ResultRow] = []
      while let row = try rows.next() {
        results.append(
          ResultRow(
            cell: try Self.description(row, axes), status: try Self.status(row, at: 12),
            epochs: try row.decode(atIndex: 13), trainLoss: try Self.loss(row, at: 14),
            trainAccuracy: try row.decode(atIndex: 16), valLoss: try Self.loss(row, at: 17),
            valAccuracy: try row.decode(atIndex: 19), bestValAccuracy: try row.decode(atIndex: 20),
            bestEpoch: try row.decode(atIndex: 21), seconds: try row.decode(atIndex: 22),
            imagesPerSecond: try row.decode(atIndex: 23),
            latencySeconds: try row.decode(atIndex: 24)))
      }
      return results
    }
  }

  /// The epochs of all of an experiment's cells that count, in the grid's order; of one cell where
  /// `cell` is its id.
  package func history(
    of experiment: String, cell: String? = nil
  ) throws(SweepError) -> [HistoryRow] {
    try fetch { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT
            c.name, e.epoch, e.train_loss, e.train_loss_is_nan, e.train_accuracy, e.val_loss,
            e.val_loss_is_nan, e.val_accuracy, e.learning_rate, e.train_seconds, e.val_seconds,
            e.images_per_second
          FROM experiments AS x
          JOIN cells AS c ON c.experiment_id = x.id
          JOIN epochs AS e ON e.cell_id = c.id AND e.superseded = 0
          WHERE x.name = ?1 AND (?2 IS NULL OR c.name = ?2)
          ORDER BY c.position IS NULL, c.position, c.id, e.epoch
          """,
        arguments: [experiment, cell])
      var history: [HistoryRow] = []
      while let row = try rows.next() {
        let record = EpochRecord(
          epoch: try row.decode(atIndex: 1), trainLoss: try Self.loss(row, at: 2) ?? .nan,
          trainAccuracy: try row.decode(atIndex: 4), valLoss: try Self.loss(row, at: 5),
          valAccuracy: try row.decode(atIndex: 7), learningRate: try row.decode(atIndex: 8),
          trainSeconds: try row.decode(atIndex: 9), valSeconds: try row.decode(atIndex: 10),
          imagesPerSecond: try row.decode(atIndex: 11))
        history.append(HistoryRow(cell: try row.decode(atIndex: 0), record: record))
      }
      return history
    }
  }

  /// What an experiment claims about its models.
  package func claims(of experiment: String) throws(SweepError) -> [Claim] {
    try fetch { db in
      let text = try String.fetchOne(
        db, sql: "SELECT claims FROM experiments WHERE name = ?", arguments: [experiment])
      return try Claim.stored(text ?? "[]", in: path)
    }
  }

  /// The machines that an experiment's runs were made on, each once: processor, threads, operating
  /// system.
  package func machines(of experiment: String) throws(SweepError) -> [String] {
    try fetch { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT r.processor || ', ' || r.threads ||
            iif(r.threads = 1, ' thread, ', ' threads, ') || r.operating_system
          FROM experiments AS x
          JOIN cells AS c ON c.experiment_id = x.id JOIN runs AS r ON r.cell_id = c.id
          WHERE x.name = ? ORDER BY 1
          """,
        arguments: [experiment])
    }
  }

  private static func experiments(
    _ db: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [ExperimentRecord] {
    let sql = """
      SELECT x.name, f.text, x.folder, x.created_at
      FROM experiments AS x JOIN experiment_files AS f ON f.sha256 = x.file_sha256
      WHERE \(condition) ORDER BY x.id
      """
    return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
      ExperimentRecord(
        name: try row.decode(atIndex: 0), file: try row.decode(atIndex: 1),
        folder: try row.decode(atIndex: 2), createdAt: try row.decode(atIndex: 3))
    }
  }

  /// The cell in a row's first twelve columns.
  private static func description(
    _ row: Row, _ axes: [String: [JSON.Member]]
  ) throws -> CellDescription {
    let id: String = try row.decode(atIndex: 0)
    return CellDescription(
      id: id, recipe: CellRecipe(stored: try row.decode(atIndex: 11)),
      model: try row.decode(atIndex: 1), width: try row.decode(atIndex: 2),
      resolution: try row.decode(atIndex: 3), seed: try row.decode(atIndex: 4),
      axes: axes[id, default: []], params: try row.decode(atIndex: 5),
      macs: try row.decode(atIndex: 6), flops: try row.decode(atIndex: 7),
      thopMACs: try row.decode(atIndex: 8), activationBytes: try row.decode(atIndex: 9),
      epochs: try row.decode(atIndex: 10))
  }

  /// The further axes by cell id; lists and objects come as their JSON text.
  private static func axes(
    _ db: Database, of experiment: String
  ) throws -> [String: [JSON.Member]] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT c.name, j.key, j.type, j.value
        FROM experiments AS x JOIN cells AS c ON c.experiment_id = x.id, json_each(c.axes) AS j
        WHERE x.name = ? AND c.axes <> '{}' ORDER BY c.id, j.id
        """,
      arguments: [experiment])
    var axes: [String: [JSON.Member]] = [:]
    while let row = try rows.next() {
      let value: JSON =
        switch try row.decode(String.self, atIndex: 2) {
        case "integer": .integer(try row.decode(Int.self, atIndex: 3))
        case "real": .number(try row.decode(Double.self, atIndex: 3))
        case "true": .boolean(true)
        case "false": .boolean(false)
        case "null": .null
        default: .string(try row.decode(String.self, atIndex: 3))
        }
      let cell: String = try row.decode(atIndex: 0)
      axes[cell, default: []].append(JSON.Member(try row.decode(atIndex: 1), value))
    }
    return axes
  }

  private static func lastRun(_ row: Row) throws -> CellRecord.LastRun? {
    guard let attempt = try row.decode(Int?.self, atIndex: 16) else { return nil }
    return CellRecord.LastRun(
      attempt: attempt, startedAt: try row.decode(atIndex: 17),
      endedAt: try row.decode(atIndex: 18), error: try row.decode(atIndex: 19),
      host: try row.decode(atIndex: 20), processID: try row.decode(atIndex: 21),
      initialWeightsSHA256: try row.decode(atIndex: 22),
      dataFingerprint: try row.decode(atIndex: 23))
  }

  private static func status(_ row: Row, at index: Int) throws -> CellStatus {
    // The column's CHECK admits no other.
    CellStatus(rawValue: try row.decode(atIndex: index)) ?? .pending
  }

  /// A loss and, in the column after it, whether its NULL stands for NaN.
  private static func loss(_ row: Row, at index: Int) throws -> Double? {
    if try row.decode(Bool?.self, atIndex: index + 1) == true { return .nan }
    return try row.decode(atIndex: index)
  }
}
