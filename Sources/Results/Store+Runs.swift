import Common
import GRDB

extension Store {
  /// Begins a run of `cell` and sets the cell's status to running.
  ///
  /// An earlier run whose end was not recorded becomes killed and can record nothing more. Epochs
  /// of earlier runs after `resumedEpochs` remain valid until this run records the same epoch.
  ///
  /// `sweep` must have claimed the cell; nil if no other sweep can be running. Throws if it has
  /// not.
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

  /// Records an epoch and puts its checkpoint in place, atomically together.
  ///
  /// It supersedes the same epoch of an earlier run.
  ///
  /// 1. The caller has written and synced the epoch's checkpoint to a temporary path beside its
  /// final one.
  /// 2. This call stores the row and syncs it. The epoch is now recorded.
  /// 3. `publish` renames the checkpoint over the previous one.
  ///
  /// A program that dies before 2 leaves a temporary file without a row: the next run deletes it
  /// and resumes from the previous checkpoint. If it dies between 2 and 3, the next run renames the
  /// recorded checkpoint. The SHA-256 in `file` distinguishes the two. No recorded epoch ever lacks
  /// its checkpoint, and the checkpoint's path never holds a partial file.
  ///
  /// `predictions` are the classes predicted for the validation images in data-set order, 0 to
  /// 65535; only those of the run's last epoch are kept.
  ///
  /// Throws if the store cannot be written (nothing is stored, `publish` is not called), if another
  /// run has taken over the cell, and what `publish` throws (the epoch is stored).
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

  /// Records a checkpoint within an epoch and puts it in place, like `record` at the end of an
  /// epoch.
  ///
  /// Throws if another run has taken over the cell.
  package func record(
    _ file: FileRecord, of run: RunID, publish: () throws(SweepError) -> Void
  ) throws(SweepError) {
    try write { db in
      guard try Self.isRunning(run, db) else { throw takenOver() }
      try Self.update(file, run: run, db)
    }
    try publish()
  }

  /// Ends a run, updates the cell's status, and releases the cell.
  ///
  /// If there are final weights, `file` is recorded and `publish` moves them into place, as for
  /// `record`. Throws if another run has taken over the cell.
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

  /// Records the seconds per image with the run's weights.
  package func record(latencySeconds: Double, of run: RunID) throws(SweepError) {
    try execute(
      "UPDATE runs SET latency_seconds = ? WHERE id = ?", [latencySeconds, run.row])
  }

  /// Records the figures of the test images with the weights after `epoch` epochs.
  package func record(
    testLoss: Double, testAccuracy: Double, epoch: Int, of run: RunID
  ) throws(SweepError) {
    try execute(
      "UPDATE runs SET test_epoch = ?, test_loss = ?, test_accuracy = ? WHERE id = ?",
      [epoch, testLoss, testAccuracy, run.row])
  }

  private func gone(_ cell: String) -> SweepError {
    SweepError(
      .runFailed, at: path, "the cell \(cell) is no longer in the store",
      advice: "run the command again")
  }

  private func takenOver() -> SweepError {
    SweepError(
      .runFailed, at: path, "another run has taken over this cell",
      advice: "let only one of them continue")
  }
}
