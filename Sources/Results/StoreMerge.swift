import Common
import GRDB

/// Merges other stores' experiments into one store in a single transaction.
///
/// Sources are read one at a time and cell by cell, so memory use does not depend on their number
/// or size. All columns of a row are copied.
struct StoreMerge {
  /// The target store, in a transaction.
  let target: Database
  /// Its path, for errors.
  let path: String
  /// The weights files; nil to skip them.
  let files: (any MergeFiles)?
  private var experiments: [String: Experiment] = [:]
  /// The sources so far, each with the target's last run id before it.
  private var origins: [(lastRun: Int64, path: String)] = []

  struct Experiment {
    let id: Int64
    let name, folder: String
    /// The names of the grid's further axes; cells with other axes are not in it.
    var axes: Set<String>
    /// The fingerprints of the images its runs used.
    var images: Set<String>
    var acceptsChanges: Bool
  }

  /// The figures of an epoch that do not depend on speed.
  private static let figures = [
    "train_loss", "train_loss_is_nan", "train_accuracy", "val_loss", "val_loss_is_nan",
    "val_accuracy", "learning_rate",
  ]

  init(into target: Database, path: String, files: (any MergeFiles)? = nil) {
    self.target = target
    self.files = files
    self.path = path
  }

  /// Adds everything in `source` that the target lacks.
  ///
  /// Cells are the same if their recipes are. Throws if both have different figures or weights for
  /// a cell, or if an experiment's cells do not fit one grid or used different images; the
  /// transaction must then be rolled back.
  mutating func take(_ source: Database, path: String) throws -> MergeReport {
    let lastRun = try Int64.fetchOne(target, sql: "SELECT max(id) FROM runs") ?? 0
    origins.append((lastRun, path))
    for (table, key) in [
      ("experiment_files", "sha256"), ("data_sets", "fingerprint"),
      ("validation_sets", "data_fingerprint"),
    ] {
      try MergeRows.copyMissing(of: table, key: key, from: source, to: target)
    }
    var report = MergeReport()
    for experiment in try MergeRows.all(source, "SELECT * FROM experiments ORDER BY id") {
      try take(experiment, from: source, &report)
    }
    return report
  }

  private mutating func take(
    _ values: MergeRows.Values, from source: Database, _ report: inout MergeReport
  ) throws {
    let (id, name) = (values.integer("id"), values.string("name"))
    var mine = try known(name, values, source)
    let images = try Self.images(of: id, source)
    let changes = try MergeRows.all(
      source, "SELECT * FROM data_changes WHERE experiment_id = ?", [id])
    mine.acceptsChanges = mine.acceptsChanges || !changes.isEmpty
    guard
      mine.acceptsChanges || mine.images.isEmpty || images.isEmpty || mine.images == images
    else {
      throw SweepError(
        .badInput, at: here,
        "the cells of \(name) were trained on different images here than in \(path)",
        advice: "train all of them on the same images")
    }
    for change in changes {
      try MergeRows.insert(
        change, into: "data_changes", with: ["experiment_id": mine.id], orIgnore: true, target)
    }
    mine.images.formUnion(images)
    experiments[name] = mine
    var fates: [String: MergeReport.Fate] = [:]
    let cells = try Row.fetchCursor(
      source,
      sql: "SELECT * FROM cells WHERE experiment_id = ? ORDER BY position IS NULL, position, id",
      arguments: [id])
    while let row = try cells.next() {
      let cell = MergeRows.values(row)
      if let fate = try take(cell, into: mine, from: source, &report) {
        fates[cell.string("name")] = fate
      }
    }
    report.cells[name] = fates
  }

  /// The target's experiment of that name, created if needed, with the source's grid if that
  /// contains all its cells; throws if neither grid contains the other's cells.
  private func known(
    _ name: String, _ values: MergeRows.Values, _ source: Database
  ) throws -> Experiment {
    let theirs = try GridCell.all(of: values.integer("id"), source)
    let theirAxes = theirs.first { $0.isInGrid }?.axes ?? []
    guard
      let row = try Row.fetchOne(
        target.cachedStatement(sql: "SELECT id, folder FROM experiments WHERE name = ?"),
        arguments: [name])
    else {
      let folder = try files?.folder(for: name) ?? name
      let id = try MergeRows.insert(
        values, into: "experiments", without: ["id"], with: ["folder": folder], target)
      return Experiment(
        id: id, name: name, folder: folder, axes: theirAxes, images: [], acceptsChanges: false)
    }
    let id: Int64 = row["id"]
    let mine = try GridCell.all(of: id, target)
    var axes = mine.first { $0.isInGrid }?.axes ?? []
    if try isLarger(theirs, than: mine, name) {
      try adopt(theirs, for: id, file: values["file_sha256"] ?? .null)
      axes = theirAxes
    }
    if var known = experiments[name] {
      known.axes = axes
      return known
    }
    let changes = try Int.fetchOne(
      target, sql: "SELECT count(*) FROM data_changes WHERE experiment_id = ?", arguments: [id])
    return Experiment(
      id: id, name: name, folder: row["folder"], axes: axes,
      images: try Self.images(of: id, target), acceptsChanges: changes ?? 0 > 0)
  }

  /// Adds a cell; nil if it never ran.
  private func take(
    _ cell: MergeRows.Values, into experiment: Experiment, from source: Database,
    _ report: inout MergeReport
  ) throws -> MergeReport.Fate? {
    let mine = try MergeRows.all(
      target, "SELECT * FROM cells WHERE experiment_id = ? AND recipe_sha256 = ?",
      [experiment.id, cell.string("recipe_sha256")]
    ).first
    let id = try mine?.integer("id") ?? insert(cell, into: experiment)
    let runs = try MergeRows.all(
      source, "SELECT * FROM runs WHERE cell_id = ? ORDER BY attempt", [cell.integer("id")])
    guard !runs.isEmpty else { return nil }
    let (old, new) = (try Self.history(id, target), try Self.history(cell.integer("id"), source))
    try compare(cell.string("name"), old, new)

    let planned = max(mine?.integer("planned_epochs") ?? 0, cell.integer("planned_epochs"))
    var status = cell.string("status")
    if status == "running" { status = "interrupted" }
    let isStopped = cell.integer("stopped_early") == 1
    if status == "done", !isStopped, new.count < planned { status = "pending" }
    let first = try Int64.fetchOne(
      target.cachedStatement(sql: "SELECT max(attempt) FROM runs WHERE cell_id = ?"),
      arguments: [id])
    let isFinished = status == "done" && mine?.string("status") != "done"
    guard new.count > old.count || first == nil || (new.count == old.count && isFinished) else {
      if new.count < old.count { return .behind }
      try takeFiles(of: cell, into: experiment, runs: nil, from: source, &report)
      return .same
    }
    guard mine?.string("status") != "running" else {
      throw SweepError(
        .runFailed, at: path, "\(cell.string("name")) is being trained",
        advice: "let the sweep end first; one that was killed ends with the next `sweep run`")
    }
    try target.cachedStatement(
      sql: """
        UPDATE cells SET status = ?, activation_bytes = ?, planned_epochs = ?, stopped_early = ?
        WHERE id = ?
        """
    ).execute(arguments: [status, cell["activation_bytes"] ?? .null, planned, isStopped, id])
    var ids: [Int64: Int64] = [:]
    for (offset, run) in runs.enumerated() {
      ids[run.integer("id")] = try insert(
        run, attempt: (first ?? 0) + Int64(offset) + 1, cell: id, from: source)
    }
    try takeFiles(of: cell, into: experiment, runs: ids, from: source, &report)
    return .taken
  }

  /// Inserts a cell that is new to the target; returns its id.
  private func insert(_ cell: MergeRows.Values, into experiment: Experiment) throws -> Int64 {
    let name = cell.string("name")
    let isTaken = try Bool.fetchOne(
      target, sql: "SELECT count(*) FROM cells WHERE experiment_id = ? AND name = ?",
      arguments: [experiment.id, name])
    let isInGrid =
      Set(GridCell.axes(cell.string("axes")).map(\.name)) == experiment.axes
      && isTaken != true
    return try MergeRows.insert(
      cell, into: "cells", without: ["id", "sweep_id"],
      with: [
        "experiment_id": experiment.id, "status": "pending", "is_wanted": 0,
        "position": isInGrid ? cell["position"] ?? .null : DatabaseValue.null,
        "name": isTaken == true ? "\(name)~\(cell.string("recipe_sha256").prefix(8))" : name,
      ], target)
  }

  /// Throws if the histories differ in a common epoch.
  private func compare(
    _ cell: String, _ old: [MergeRows.Values], _ new: [MergeRows.Values]
  ) throws {
    for (mine, other) in zip(old, new) {
      guard (["epoch"] + Self.figures).contains(where: { mine[$0] != other[$0] }) else { continue }
      let run = mine.integer("run_id")
      let owner = origins.last { $0.lastRun < run }?.path ?? path
      throw SweepError(
        .badInput, at: here,
        "\(cell) differs from epoch \(mine.integer("epoch")) on: \(Self.text(mine)) in \(owner), "
          + "\(Self.text(other)) here",
        advice: "keep one of them: both cannot come from the same recipe, images and processor")
    }
  }

  private func insert(
    _ run: MergeRows.Values, attempt: Int64, cell: Int64, from source: Database
  ) throws -> Int64 {
    var replaced: [String: any DatabaseValueConvertible] = ["cell_id": cell, "attempt": attempt]
    if run.string("status") == "running" { replaced["status"] = "interrupted" }
    let id = try MergeRows.insert(run, into: "runs", without: ["id"], with: replaced, target)
    let key = run.integer("id")
    for epoch in try MergeRows.all(
      source, "SELECT * FROM epochs WHERE run_id = ? ORDER BY epoch", [key])
    {
      // If both have an epoch, with equal figures, the newer row is valid.
      try target.cachedStatement(
        sql: "UPDATE epochs SET superseded = 1 WHERE cell_id = ? AND epoch = ? AND superseded = 0"
      ).execute(arguments: [cell, epoch["epoch"] ?? .null])
      try MergeRows.insert(
        epoch, into: "epochs", without: ["id"], with: ["run_id": id, "cell_id": cell], target)
    }
    for row in try MergeRows.all(source, "SELECT * FROM predictions WHERE run_id = ?", [key]) {
      try MergeRows.insert(row, into: "predictions", with: ["run_id": id], target)
    }
    return id
  }

  /// The source being read, for errors.
  var here: String { origins.last?.path ?? path }

  /// The valid epochs of a cell, in order.
  private static func history(_ cell: Int64, _ db: Database) throws -> [MergeRows.Values] {
    try MergeRows.all(
      db, "SELECT * FROM epochs WHERE cell_id = ? AND superseded = 0 ORDER BY epoch", [cell])
  }

  private static func images(of experiment: Int64, _ db: Database) throws -> Set<String> {
    try String.fetchSet(
      db,
      sql: """
        SELECT DISTINCT r.data_fingerprint FROM cells AS c JOIN runs AS r ON r.cell_id = c.id
        WHERE c.experiment_id = ?
        """,
      arguments: [experiment])
  }

  /// An epoch's figures for messages: `train_loss 1.5, val_loss 2.5, …`.
  private static func text(_ values: MergeRows.Values) -> String {
    figures.compactMap { name in
      guard let value = values[name], !value.isNull, !name.hasSuffix("is_nan") else { return nil }
      return "\(name) \(value)"
    }.joined(separator: ", ")
  }
}
