import Common

/// An experiment in a list of experiments.
package struct ExperimentOverview: Sendable, Equatable {
  package let name: String
  /// The first run: UTC, `2026-01-31T12:00:00.000Z`.
  package let createdAt: String
  /// The last time a run began, recorded an epoch, or ended; nil without runs.
  package let lastActiveAt: String?
  /// The folder of its weights, relative to the store's folder.
  package let folder: String
  package let note: String?
  /// The number of cells by status.
  package let counts: [CellStatus: Int]
  /// Recorded epochs, and planned epochs of all cells.
  package let epochs, plannedEpochs: Int
  /// The completed cell with the highest validation accuracy after its last epoch, and that
  /// accuracy.
  package let bestCell: String?
  package let bestValAccuracy: Double?
}

extension Store {
  /// An overview of all experiments, the most recently active one last.
  package func overview() throws(SweepError) -> [ExperimentOverview] {
    let statuses = try rows(
      """
      SELECT x.name, c.status, count(*), sum(iif(c.status = 'done',
        (SELECT count(*) FROM epochs WHERE cell_id = c.id AND superseded = 0), c.planned_epochs))
      FROM experiments AS x JOIN cells AS c ON c.experiment_id = x.id
      WHERE c.position IS NOT NULL OR c.status <> 'pending' GROUP BY x.id, c.status
      """
    ) { row in
      (
        experiment: try row.next() as String, status: try row.status(),
        cells: try row.next() as Int, epochs: try row.next() as Int
      )
    }
    return try rows(
      """
      SELECT x.name, x.created_at,
        (SELECT max(max(r.started_at, coalesce(r.ended_at, ''),
           coalesce((SELECT recorded_at FROM epochs WHERE run_id = r.id
                     ORDER BY epoch DESC LIMIT 1), '')))
         FROM runs AS r JOIN cells AS c ON c.id = r.cell_id WHERE c.experiment_id = x.id)
          AS active_at,
        x.folder, x.note,
        (SELECT count(*) FROM epochs AS e JOIN cells AS c ON c.id = e.cell_id
         WHERE c.experiment_id = x.id AND e.superseded = 0),
        b.cell, b.val_accuracy
      FROM experiments AS x
      LEFT JOIN (\(Self.ranking)) AS b ON b.experiment = x.name AND b.place = 1
      ORDER BY coalesce(active_at, x.created_at), x.id
      """
    ) { row in
      let name: String = try row.next()
      let own = statuses.filter { $0.experiment == name }
      return ExperimentOverview(
        name: name, createdAt: try row.next(), lastActiveAt: try row.next(),
        folder: try row.next(), note: try row.next(),
        counts: Dictionary(own.map { ($0.status, $0.cells) }, uniquingKeysWith: +),
        epochs: try row.next(), plannedEpochs: own.reduce(0) { $0 + $1.epochs },
        bestCell: try row.next(), bestValAccuracy: try row.next())
    }
  }

  /// The completed cell with the highest validation accuracy after its last epoch, optionally of
  /// one model; nil if there is none.
  ///
  /// Ties go to the cell with the fewest multiply-accumulates.
  package func bestCell(
    of experiment: String, model: String? = nil
  ) throws(SweepError) -> String? {
    try rows(
      """
      SELECT cell FROM (\(Self.ranking)) WHERE experiment = ?1 AND (?2 IS NULL OR model = ?2)
      ORDER BY place LIMIT 1
      """, [experiment, model]
    ) { row in try row.next() as String }.first
  }

  /// The id of the cell with the most recently started run; nil without runs.
  package func lastCell(of experiment: String) throws(SweepError) -> String? {
    try rows(
      """
      SELECT c.name FROM experiments AS x
      JOIN cells AS c ON c.experiment_id = x.id JOIN runs AS r ON r.cell_id = c.id
      WHERE x.name = ? ORDER BY r.started_at DESC, r.id DESC LIMIT 1
      """, [experiment]
    ) { row in try row.next() as String }.first
  }

  private static let ranking = """
    SELECT x.name AS experiment, c.name AS cell, c.model, e.val_accuracy, row_number() OVER (
      PARTITION BY x.id ORDER BY e.val_accuracy DESC, c.macs, c.name) AS place
    FROM experiments AS x JOIN cells AS c ON c.experiment_id = x.id
    JOIN epochs AS e ON e.id =
      (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0 ORDER BY epoch DESC LIMIT 1)
    WHERE c.status = 'done' AND e.val_accuracy BETWEEN 0 AND 1
    """
}
