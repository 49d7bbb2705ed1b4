import Common
import Foundation
import Results

/// The state of an experiment's tasks, from their files and Slurm's queue.
package struct TaskOverview {
  struct Task {
    let folder: TaskFolder
    let cells: [String]
    /// The folder of its newest submission; nil if there is none.
    var submission: String?
    var index = 0
    var entry: QueueEntry?
    /// Whether a job is working on it or will.
    var isQueued = false
    let attempts: [Attempt]
    /// The cells in its own store; empty if there is no store yet.
    var records: [CellRecord] = []
  }

  var tasks: [Task]
  package private(set) var notes: [String] = []

  /// Reads the state of the tasks in `folder`.
  ///
  /// Only tasks with cells that `isSettled` does not cover have their stores read. `queue` is nil
  /// without Slurm: then every submitted task that has not ended counts as queued.
  init(
    _ folder: ClusterFolder, queue: [QueueEntry]?, isSettled: (_ cell: String) -> Bool
  ) throws(SweepError) {
    var tasks: [Int: Task] = [:]
    for number in folder.taskNumbers() {
      let task = folder.task(number)
      tasks[number] = Task(
        folder: task, cells: try task.cells(), attempts: AttemptLog(path: task.attempts).attempts())
    }
    let entries = Dictionary(grouping: queue ?? [], by: \.folder)
    for number in folder.submissionNumbers() {
      let path = folder.submission(number)
      guard let submission = try? Submission.read(path) else {
        // Left by a `submit` that was killed before submitting.
        continue
      }
      let known = Dictionary(
        entries[path, default: []].compactMap { entry in entry.index.map { ($0, entry) } },
        uniquingKeysWith: { $1 })
      let isUnknown = queue == nil || (Submission.jobs(path).isEmpty && known.isEmpty)
      let isCanceled = Submission.isCanceled(path)
      for (index, number) in submission.tasks.enumerated() {
        guard var task = tasks[number] else { continue }
        task.submission = path
        task.index = index
        task.entry = known[index]
        if let entry = task.entry {
          task.isQueued = task.isQueued || entry.isActive
        } else if isUnknown && !isCanceled {
          // Scripts may have been submitted by hand; assume so only once.
          let last = task.attempts.last { $0.submission == path }
          task.isQueued = task.isQueued || ![.ended, .gaveUp].contains(last?.outcome)
        }
        tasks[number] = task
      }
    }
    self.tasks = tasks.values.sorted { $0.folder.number < $1.folder.number }
    for index in self.tasks.indices {
      let task = self.tasks[index]
      guard task.folder.hasStore, !task.cells.allSatisfy(isSettled) else { continue }
      do {
        self.tasks[index].records = try Store.read(task.folder.store).cells(of: folder.experiment)
      } catch {
        notes.append(error.description)
      }
    }
  }
}

extension CellRecord {
  /// Whether another run would end the same way: it is done, or it diverged.
  var isSettled: Bool { status == .done || status == .diverged }

  func isAhead(of other: CellRecord) -> Bool {
    if (status == .done) != (other.status == .done) { return status == .done }
    if completedEpochs != other.completedEpochs { return completedEpochs > other.completedEpochs }
    return lastRun != nil && (lastRun?.startedAt ?? "") > (other.lastRun?.startedAt ?? "")
  }
}
