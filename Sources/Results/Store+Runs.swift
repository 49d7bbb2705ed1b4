import Common
import GRDB

extension Store {
  /// Begins a run of `cell`; from now on the cell is running.
  ///
  /// A run of the cell whose end was not seen is recorded as killed, and can record nothing more.
  /// Epochs after `resumedEpochs` that earlier runs recorded count until this run has recorded the
  /// same epoch.
  ///
  /// `sweep` is the one that has claimed the cell, nil where nobody else can be at work. Throws
  /// where it has not.
  package func begin(
    _ run: RunDescription, of cell: CellRecord, by sweep: SweepID? = nil
  ) throws(SweepError) -> RunID {
    try write { db in
      let owner = try Int64.fetchOne(
        db, sql: "SELECT sweep_id FROM cells WHERE id = ?", arguments: [cell.row])
      guard sweep == nil || owner == sweep?.row else { throw takenOver() }
      try Self.killRuns(of: cell.row, db)
      try db.execute(
        sql: """
          INSERT INTO runs (
            cell_id, attempt, resumed_epochs, host, process_id, operating_system, processor,
            vector_bits, threads, program_version, git_commit, git_dirty, libraries, file_sha256,
            initial_weights_sha256, data_fingerprint)
          SELECT
            c.id, 1 + coalesce((SELECT max(attempt) FROM runs WHERE cell_id = c.id), 0),
            ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, x.file_sha256, ?, ?
          FROM cells AS c JOIN experiments AS x ON x.id = c.experiment_id WHERE c.id = ?
          """,
        arguments: [
          run.resumedEpochs, run.host, run.processID, run.operatingSystem, run.processor,
          run.vectorBits, run.threads, run.programVersion, run.gitCommit, run.gitIsDirty,
          JSON.object(run.libraries).text, run.initialWeightsSHA256, run.dataFingerprint, cell.row,
        ])
      guard db.changesCount == 1 else { throw gone(cell.description.id) }
      let id = RunID(row: db.lastInsertedRowID)
      try db.execute(
        sql: "UPDATE cells SET status = 'running' WHERE id = ?", arguments: [cell.row])
      return id
    }
  }

  /// Records an epoch and puts its checkpoint in place; both stand or fall together.
  ///
  /// Where an earlier run has recorded the same epoch, that one counts no more.
  ///
  /// The order is:
  /// 1. The caller has written and synced the checkpoint of this epoch *beside* its place, under a
  /// name of its own.
  /// 2. This call stores the row and syncs it. That is the moment from which the epoch has
  /// happened.
  /// 3. `publish` renames the checkpoint over the one before.
  ///
  /// A program that dies before 2 leaves a file beside that no row speaks of: the next run deletes
  /// it and goes on from the checkpoint before. One that dies between 2 and 3 leaves the recorded
  /// checkpoint beside: the next run renames it. The SHA-256 in `file` tells one from the other. At
  /// no moment is there an epoch without its checkpoint or a half-written file under the
  /// checkpoint's name.
  ///
  /// `predictions` are the classes predicted for the validation images in the data set's order,
  /// from 0 to 65535; those of the run's last epoch are kept.
  ///
  /// Throws where the store cannot be written (nothing is stored, `publish` is not called), where
  /// another run has taken the cell over, and what `publish` throws (the epoch is stored).
  package func record(
    _ epoch: EpochRecord, of run: RunID, predictions: [Int32]? = nil, file: FileRecord? = nil,
    publish: () throws(SweepError) -> Void = {}
  ) throws(SweepError) {
    try write { db in
      try db.execute(
        sql: """
          UPDATE epochs SET superseded = 1
          WHERE epoch = ?1 AND superseded = 0 AND run_id <> ?2
            AND cell_id = (SELECT cell_id FROM runs WHERE id = ?2 AND status = 'running')
          """,
        arguments: [epoch.epoch, run.row])
      try db.execute(
        sql: """
          INSERT INTO epochs (
            run_id, cell_id, epoch, train_loss, train_loss_is_nan, train_accuracy, val_loss,
            val_loss_is_nan, val_accuracy, learning_rate, train_seconds, val_seconds,
            images_per_second)
          SELECT id, cell_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM runs
          WHERE id = ? AND status = 'running'
          """,
        arguments: [
          epoch.epoch, epoch.trainLoss, epoch.trainLoss.isNaN, epoch.trainAccuracy, epoch.valLoss,
          epoch.valLoss?.isNaN ?? false, epoch.valAccuracy, epoch.learningRate, epoch.trainSeconds,
          epoch.valSeconds, epoch.imagesPerSecond, run.row,
        ])
      guard db.changesCount == 1 else { throw takenOver() }
      if let file { try Self.update(file, run: run, db) }
      guard let predictions, let data = ClassList.data(predictions) else { return }
      try db.execute(
        sql: "INSERT OR REPLACE INTO predictions (run_id, epoch, classes) VALUES (?, ?, ?)",
        arguments: [run.row, epoch.epoch, data])
    }
    try publish()
  }

  /// Records a checkpoint within an epoch, then puts it in place, as `record` does at its end.
  ///
  /// Throws where another run has taken the cell over.
  package func record(
    _ file: FileRecord, of run: RunID, publish: () throws(SweepError) -> Void
  ) throws(SweepError) {
    try write { db in
      guard try Self.isRunning(run, db) else { throw takenOver() }
      try Self.update(file, run: run, db)
    }
    try publish()
  }

  /// Ends a run; the cell takes its status and is free.
  ///
  /// Where it leaves final weights, `file` is recorded with it and `publish` puts them in place, as
  /// `record` does. Throws where another run has taken the cell over.
  package func finish(
    _ run: RunID, _ outcome: RunOutcome, file: FileRecord? = nil,
    publish: () throws(SweepError) -> Void = {}
  ) throws(SweepError) {
    try write { db in
      if let file { try Self.update(file, run: run, db) }
      try db.execute(
        sql: """
          UPDATE runs SET status = ?, error = ?, ended_at = \(Self.now)
          WHERE id = ? AND status = 'running'
          """,
        arguments: [outcome.status.rawValue, outcome.reason, run.row])
      guard db.changesCount == 1 else { throw takenOver() }
      try db.execute(
        sql: """
          UPDATE cells SET status = ?, stopped_early = ?, sweep_id = NULL, is_wanted = 0
          WHERE id = (SELECT cell_id FROM runs WHERE id = ?)
          """,
        arguments: [outcome.status.rawValue, outcome.isStopped, run.row])
    }
    try publish()
  }

  /// Records how long one image takes with the run's weights, in seconds.
  package func record(latencySeconds: Double, of run: RunID) throws(SweepError) {
    try execute(
      "UPDATE runs SET latency_seconds = ? WHERE id = ?", [latencySeconds, run.row])
  }

  private func gone(_ cell: String) -> SweepError {
    SweepError(
      .runFailed, at: path, "the cell \(cell) is no longer in the store",
      advice: "run the command again")
  }

  private func takenOver() -> SweepError {
    SweepError(
      .runFailed, at: path, "another run has taken this cell over",
      advice: "let only one of them go on")
  }
}
