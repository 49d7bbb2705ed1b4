import Common

/// What a scheduler such as Slurm says about the tasks that train an experiment's cells.
package struct SchedulerStatus: Sendable {
  /// The job that trains or will train a cell.
  package struct Job: Sendable, Equatable {
    package let isRunning: Bool
    /// Where it runs and since when, or what it waits for.
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

  /// The state of `tasks` tasks: how many are in each state, and for each failed one its number, job
  /// id, state and reason.
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
