import Common

/// What a scheduler such as Slurm says about the tasks that train an experiment's cells.
public struct SchedulerStatus: Sendable {
  /// The job that trains or will train a cell.
  public struct Job: Sendable, Equatable {
    /// Whether it is running.
    public let isRunning: Bool
    /// Where it runs and since when, or what it waits for.
    public let remark: String

    /// A job.
    public init(isRunning: Bool, remark: String) {
      self.isRunning = isRunning
      self.remark = remark
    }
  }

  /// A task that ended without training all its cells.
  public struct Failure: Sendable {
    let task: Int
    let job: String
    let state: String
    let reason: String

    /// A failed task with the scheduler's job id and state, and why it ended.
    public init(task: Int, job: String, state: String, reason: String) {
      self.task = task
      self.job = job
      self.state = state
      self.reason = reason
    }
  }

  /// The jobs by cell id.
  public let jobs: [String: Job]
  private let counts: [(count: Int, what: String)]
  private let tasks: Int
  private let failures: [Failure]

  /// The state of `tasks` tasks; `reasons` counts what queued ones wait for, `givenUp` how many of
  /// the failures were given up.
  public init(
    jobs: [String: Job], tasks: Int, ended: Int, running: Int, queued: Int,
    reasons: [String: Int], givenUp: Int, failures: [Failure]
  ) {
    self.jobs = jobs
    self.tasks = tasks
    self.failures = failures
    let waiting = reasons.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
    counts = [
      (ended, "ended"), (running, "running"),
      (queued, "queued" + (waiting.isEmpty ? "" : " (\(waiting))")), (givenUp, "given up"),
      (failures.count - givenUp, "not finished"),
    ]
  }

  /// The counts on one line, then one line per failed task.
  public var text: String {
    let list = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.what)" }
    let head = "Slurm, \(Format.count(tasks, "task")): \(list.joined(separator: ", "))\n"
    guard !failures.isEmpty else { return head }
    var table = TextTable([("task", .right), ("job", .left), ("state", .left), ("", .left)])
    for failure in failures {
      table.add(["\(failure.task)", failure.job, failure.state, failure.reason])
    }
    return head + "\n" + table.text
  }
}
