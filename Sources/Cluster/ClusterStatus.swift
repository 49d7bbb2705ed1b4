import Common
import Reporting
import Results

/// The state of an experiment's tasks according to Slurm and the tasks' stores.
package struct ClusterStatus {
  /// Cells that are further along in their task's store than in the main store.
  package private(set) var newer: [CellRecord] = []
  private var jobs: [String: SchedulerStatus.Job] = [:]
  package private(set) var notes: [String]
  private let tasks: [TaskOverview.Task]
  private let endings: [Int: QueueEntry]

  /// Combines the state in `folder` with Slurm's queue; nil if nothing was ever submitted.
  ///
  /// `records` are the experiment's cells in the main store.
  package init?(
    _ folder: ClusterFolder, records: [CellRecord], slurm: Slurm = Slurm()
  ) throws(SweepError) {
    guard folder.exists else { return nil }
    var notes: [String] = []
    var queue: [QueueEntry]?
    do {
      queue = try slurm.queue(below: folder.path)
      if queue == nil { notes.append("squeue is missing, so the queue is unknown") }
    } catch {
      notes.append(error.description)
    }
    let known = Dictionary(records.map { ($0.description.id, $0) }, uniquingKeysWith: { $1 })
    let overview = try TaskOverview(
      folder, queue: queue, isSettled: { known[$0]?.isSettled == true })
    tasks = overview.tasks
    self.notes = notes + overview.notes
    endings = Self.endings(of: tasks, slurm)
    for task in tasks {
      for record in task.records where known[record.description.id].map(record.isAhead) ?? true {
        newer.append(record)
      }
      guard task.isQueued else { continue }
      let job = SchedulerStatus.Job(
        isRunning: task.entry?.isRunning == true, remark: Self.remark(task))
      for cell in task.cells { jobs[cell] = job }
    }
  }

  package var scheduler: SchedulerStatus {
    let queued = tasks.filter { $0.isQueued && $0.entry?.isRunning != true }
    let reasons = Dictionary(grouping: queued.compactMap { $0.entry?.reason }, by: { $0 })
      .filter { !$0.key.isEmpty }.map { "\($0.key) \($0.value.count)" }.sorted()
    let bad = tasks.filter { !$0.isQueued && $0.attempts.last?.outcome != .ended }
    return SchedulerStatus(
      jobs: jobs, tasks: tasks.count,
      counts: [
        (tasks.count { !$0.isQueued && $0.attempts.last?.outcome == .ended }, "ended"),
        (tasks.count { $0.isQueued && $0.entry?.isRunning == true }, "running"),
        (queued.count, "queued" + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))")),
        (bad.count { $0.attempts.last?.outcome == .gaveUp }, "given up"),
        (bad.count { $0.attempts.last?.outcome != .gaveUp }, "not finished"),
      ],
      failures: bad.map { task in
        let last = task.attempts.last
        let ending = task.entry ?? endings[task.folder.number]
        return [
          "\(task.folder.number)", ending?.job ?? last?.job ?? "", ending?.state ?? "",
          last?.reason ?? ending?.reason ?? "",
        ]
      })
  }

  private static func remark(_ task: TaskOverview.Task) -> String {
    guard let entry = task.entry else { return "not in the queue" }
    if entry.isRunning {
      let since = entry.start.isEmpty ? "" : " since \(entry.start.replacing("T", with: " "))"
      return "job \(entry.job) on \(entry.nodes)\(since)"
    }
    return "job \(entry.job)\(entry.reason.isEmpty ? "" : ", \(entry.reason)")"
  }

  /// How tasks that left the queue ended, by number, if the cluster keeps accounts.
  private static func endings(of tasks: [TaskOverview.Task], _ slurm: Slurm) -> [Int: QueueEntry] {
    var endings: [Int: QueueEntry] = [:]
    let forgotten = tasks.filter {
      !$0.isQueued && $0.entry == nil && $0.attempts.last?.outcome != .ended
    }
    for (submission, tasks) in Dictionary(grouping: forgotten, by: \.submission) {
      guard let submission, let job = Submission.jobs(submission).first else { continue }
      let entries = slurm.accounts(of: job, folder: submission)
      for task in tasks {
        endings[task.folder.number] = entries.last { $0.index == task.index }
      }
    }
    return endings
  }
}
