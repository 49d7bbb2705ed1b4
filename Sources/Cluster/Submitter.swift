import Common
import Foundation
import Results
import Study

/// Submits an experiment's cells that are neither done nor queued to Slurm.
package struct Submitter {
  package struct Request {
    package var plan: Plan
    package var size: DataSize
    /// The images' fingerprint and file list; empty if nothing is submitted.
    package var fingerprint = ""
    /// One line `SHA-256 bytes name` per image.
    package var imageList = ""
    package var store: String
    package var program: String
    /// The folder on each node's local disk for copies of the images; nil for none.
    package var scratch: String?
    package var checkpointEvery = 300.0
    package var maximumTasks = 16
    package var job = JobOptions()

    package init(plan: Plan, size: DataSize, store: String, program: String) {
      self.plan = plan
      self.size = size
      self.store = store
      self.program = program
    }
  }

  package struct Draft {
    /// The scripts of the job array and of the merging job.
    package let scripts: [String]
    /// The `sbatch` options for each script.
    let options: [[String]]
    package let folder: String
    /// The number of cells to send, cells that are done or would diverge again, and queued cells.
    package let counts: (sent: Int, settled: Int, queued: Int)
    package let notes: [String]
    package let cells: [[String]]
    let submission: Submission
    /// Tasks that never began, whose cells move to other tasks.
    let dissolved: [TaskFolder]

    package var isEmpty: Bool { cells.isEmpty }
  }

  private let request: Request
  private let folder: ClusterFolder
  private let slurm: Slurm

  package init(_ request: Request, slurm: Slurm = Slurm()) throws(SweepError) {
    try request.job.check()
    self.request = request
    self.slurm = slurm
    folder = try ClusterFolder(store: request.store, experiment: request.plan.experiment.name)
    guard !folder.path.contains(where: \.isNewline) else {
      throw SweepError(
        .usage, at: "--store", "the path must not contain a line break",
        advice: "choose another path")
    }
  }

  /// Plans a submission without writing anything.
  ///
  /// `records` are the cells in the main store. Throws if Slurm does not respond, unless it
  /// `mayLackSlurm`: then only printed scripts count as queued.
  package func draft(
    _ records: [CellRecord], mayLackSlurm: Bool = false
  ) throws(SweepError) -> Draft {
    let records = Dictionary(records.map { ($0.description.id, $0) }, uniquingKeysWith: { $1 })
    func isSettled(_ cell: String) -> Bool {
      guard let record = records[cell] else { return false }
      return record.isSettled && !needsMore(record)
    }
    var notes: [String] = []
    var queue: [QueueEntry]?
    do throws(SweepError) {
      queue = try slurm.queue(below: folder.path)
    } catch {
      guard mayLackSlurm else { throw error }
      notes.append("the queue is unknown: \(error)")
    }
    let overview = try TaskOverview(folder, queue: queue, isSettled: isSettled)
    var settled = Set(request.plan.items.map(\.cell.id).filter(isSettled))
    var queued: Set<String> = []
    var kept: [(task: TaskFolder, cells: [String])] = []
    var dissolved: [TaskFolder] = []
    for task in overview.tasks {
      settled.formUnion(
        task.records.filter { $0.isSettled && !needsMore($0) }.map(\.description.id))
      if task.isQueued { queued.formUnion(task.cells) }
    }
    let ids = request.plan.items.map(\.cell.id)
    let wanted = Set(ids).subtracting(settled).subtracting(queued)
    var rest = wanted
    for task in overview.tasks where !task.isQueued {
      // Tasks that have begun continue from their checkpoints.
      let cells = task.cells.filter(rest.contains)
      if !task.folder.hasStore {
        dissolved.append(task.folder)
      } else if !cells.isEmpty {
        kept.append((task.folder, cells))
        rest.subtract(cells)
      }
    }
    let limit = slurm.maximumArraySize() ?? .max
    if limit < request.maximumTasks {
      notes.append("arrays have at most \(Format.count(limit, "task")) on this cluster")
    }
    let most = min(limit, request.maximumTasks)
    let new = try parts(rest, count: max(1, most - kept.count))
    guard kept.count + new.count <= limit else {
      throw SweepError(
        .runFailed, at: folder.path,
        "\(kept.count + new.count) tasks must continue, but arrays here have at most \(limit)",
        advice: "collect the results with `sweep merge`, and submit the rest from another store")
    }
    let used = Set(overview.tasks.map(\.folder.number)).subtracting(dissolved.map(\.number))
    let numbers = (1...(used.count + new.count + 1)).filter { !used.contains($0) }
    let cells = kept.map(\.cells) + new
    let submission = Submission(
      experiment: folder.experiment, program: request.program, store: absolute(request.store),
      dataRoot: absolute(request.plan.experiment.dataset.root), fingerprint: request.fingerprint,
      scratch: request.scratch, checkpointEvery: request.checkpointEvery,
      tasks: kept.map(\.task.number) + numbers.prefix(new.count))
    let path = folder.submission((folder.submissionNumbers().last ?? 0) + 1)
    let script = BatchScript(submission: submission, folder: path, options: request.job)
    return Draft(
      scripts: [script.array, script.merge],
      options: [script.arrayOptions, script.mergeOptions], folder: path,
      counts: (
        wanted.count, Set(ids).intersection(settled).count,
        Set(ids).subtracting(settled).intersection(queued).count
      ), notes: notes + overview.notes, cells: cells, submission: submission, dissolved: dissolved)
  }

  /// Throws if the images differ from those of the stored results, unless the store has accepted
  /// the change.
  package func refuseChangedImages(in store: Store) throws(SweepError) {
    guard try !store.accepts(dataSet: request.fingerprint, for: folder.experiment) else { return }
    let other = try store.cells(of: folder.experiment).first { cell in
      cell.completedEpochs > 0 && cell.lastRun?.dataFingerprint != request.fingerprint
    }
    guard let other else { return }
    throw SweepError(
      .badInput, at: request.plan.experiment.dataset.root,
      "the images differ from those that \(other.description.id) was trained on",
      advice: "put them back, or give the experiment another name")
  }

  /// Throws if cell ids have changed while tasks still list the old ones.
  package func refuseChangedAxes(in store: Store) throws(SweepError) {
    guard !folder.taskNumbers().isEmpty else { return }
    let ids = Dictionary(
      request.plan.items.map { ($0.recipe, $0.cell.id) }, uniquingKeysWith: { $1 })
    let isChanged = try store.cells(of: folder.experiment).contains { cell in
      ids[cell.description.recipe].map { $0 != cell.description.id } ?? false
    }
    guard isChanged else { return }
    throw SweepError(
      .badInput, at: request.plan.experiment.file,
      "the grid's axes have changed since tasks of \(folder.experiment) were submitted",
      advice: "wait for them to end, collect their results, then remove \(folder.path)")
  }

  /// Writes what the tasks need, without submitting it; the draft must be current.
  package func write(_ draft: Draft) throws(SweepError) {
    try Folder.create(draft.folder)
    for file in draft.dissolved.flatMap({ [$0.cellList, $0.attempts] }) { unlink(file) }
    for (number, cells) in zip(draft.submission.tasks, draft.cells) {
      let task = folder.task(number)
      try Folder.create(task.path)
      try AtomicFile.write(Data((cells.joined(separator: "\n") + "\n").utf8), to: task.cellList)
    }
    let files = [
      (Submission.experimentFile(in: draft.folder), request.plan.experiment.text),
      (Submission.imageList(in: draft.folder), request.imageList),
      (Submission.arrayScript(in: draft.folder), draft.scripts[0]),
      (Submission.mergeScript(in: draft.folder), draft.scripts[1]),
    ]
    for (path, text) in files { try AtomicFile.write(Data(text.utf8), to: path) }
    // Written last: a folder without it was not submitted.
    try draft.submission.write(to: draft.folder)
  }

  /// Submits what was written; returns the ids of the array and of the merging job.
  ///
  /// If the array is rejected, the submission is removed.
  package func submit(_ draft: Draft) throws(SweepError) -> [String] {
    let array: String
    do {
      array = try slurm.submit(
        Submission.arrayScript(in: draft.folder), options: draft.options[0])
    } catch {
      try? FileManager.default.removeItem(atPath: draft.folder)
      throw error
    }
    // From here on, the jobs' working directory identifies them even if submission fails.
    let list = Submission.jobList(in: draft.folder)
    try AtomicFile.write(Data("\(array)\n".utf8), to: list)
    let merge = try slurm.submit(
      Submission.mergeScript(in: draft.folder),
      options: draft.options[1] + ["--dependency=afterany:\(array)"])
    try AtomicFile.write(Data("\(array)\n\(merge)\n".utf8), to: list)
    return [array, merge]
  }

  /// Runs `body` while no other process submits tasks of the experiment.
  package func alone<Value>(
    _ body: () throws(SweepError) -> Value
  ) throws(SweepError) -> Value {
    try Folder.create(folder.path)
    guard let lock = try FileLock(folder.lock) else {
      throw SweepError(
        .runFailed, at: folder.path, "another `sweep submit` is running for this experiment",
        advice: "wait until it ends")
    }
    return try withExtendedLifetime(lock) { () throws(SweepError) -> Value in try body() }
  }

  /// The commands for submitting by hand.
  package static func commands(for draft: Draft) -> String {
    let array = BatchScript.word(Submission.arrayScript(in: draft.folder))
    let merge = BatchScript.word(Submission.mergeScript(in: draft.folder))
    let options = draft.options.map { $0.map(BatchScript.word).joined(separator: " ") }
    return """
      job=$(sbatch --parsable \(options[0]) \(array))
      sbatch \(options[1]) --dependency=afterany:"${job%%;*}" \(merge)

      """
  }

  private func needsMore(_ record: CellRecord) -> Bool {
    record.status == .done && record.completedEpochs < request.plan.experiment.epochs
  }

  private func parts(_ ids: Set<String>, count: Int) throws(SweepError) -> [[String]] {
    guard !ids.isEmpty else { return [] }
    let plan = try request.plan.restricted(to: ids, source: folder.path)
    return Shard.parts(of: plan, size: request.size, count: min(count, ids.count))
      .filter { !$0.isEmpty }
  }

  private func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }
}
