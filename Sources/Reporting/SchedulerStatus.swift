import Common

/// What a scheduler such as Slurm reports about an experiment's tasks.
package struct SchedulerStatus: Sendable {
  /// The job that trains a cell.
  package struct Job: Sendable, Equatable {
    package let isRunning: Bool
    /// Its node and start, or the reason why it waits.
    package let remark: String

    package init(isRunning: Bool, remark: String) {
      self.isRunning = isRunning
      self.remark = remark
    }
  }

  package let jobs: [String: Job]
  private let tasks: Int
  private let counts: [(count: Int, state: String)]
  private let failures: [[String]]

  /// The state of `tasks` tasks: the number in each state, and each failed task's number, job id,
  /// state and reason.
  package init(
    jobs: [String: Job], tasks: Int, counts: [(count: Int, state: String)], failures: [[String]]
  ) {
    self.jobs = jobs
    self.tasks = tasks
    self.counts = counts
    self.failures = failures
  }

  /// The counts on one line, then one line per failed task.
  package var text: String {
    let list = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.state)" }
    let head = "Slurm, \(Format.count(tasks, "task")): \(list.joined(separator: ", "))\n"
    guard !failures.isEmpty else { return head }
    var table = TextTable([("task", .right), ("job", .left), ("state", .left), ("", .left)])
    for failure in failures { table.add(failure) }
    return head + "\n" + table.text
  }
}
