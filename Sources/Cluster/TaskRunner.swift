import Common
import Foundation
import Results
import Study

/// Makes one attempt at a task, and requeues the task if needed.
///
/// Training is a child process of the same program, so its crash can be detected and counted. All
/// state for the next attempt is in files.
package struct TaskRunner {
  static let maximumFailures = 3

  private let path: String
  private let index: Int
  private let submission: Submission
  private let folder: ClusterFolder
  private let task: TaskFolder
  private let log: AttemptLog
  private let slurm: Slurm
  private let environment: [String: String]
  private let note: @Sendable (String) -> Void
  private let interrupt = Interrupt()

  /// The task with array index `index` of the submission in folder `path`; `note` receives progress
  /// messages.
  package init(
    submission path: String, index: Int, slurm: Slurm = Slurm(),
    environment: [String: String] = ProcessInfo.processInfo.environment,
    note: @escaping @Sendable (String) -> Void
  ) throws(SweepError) {
    self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    submission = try Submission.read(self.path)
    guard submission.tasks.indices.contains(index) else {
      throw SweepError(
        .usage, at: "\(index)", "the submission has tasks 0 to \(submission.tasks.count - 1)")
    }
    self.index = index
    self.slurm = slurm
    self.environment = environment
    self.note = note
    folder = ClusterFolder(submission: self.path, experiment: submission.experiment)
    task = folder.task(submission.tasks[index])
    log = AttemptLog(path: task.attempts)
  }

  /// Makes the attempt; returns the exit code.
  ///
  /// 0 if every cell ended, the task was canceled, or another attempt will continue; 1 if the task
  /// was given up.
  package func run() throws(SweepError) -> Int32 {
    let watch = interrupt.watchSignals(isPatient: true)
    interrupt.beginWork()
    defer { withExtendedLifetime(watch) {} }
    if Submission.isCanceled(path) {
      note("the submission was canceled")
      return 0
    }
    guard let lock = try waitForLock() else { return 0 }
    defer { withExtendedLifetime(lock) {} }

    var attempts = log.attempts()
    if let last = attempts.last, last.outcome == nil {
      let outcome: Attempt.Outcome = progress == last.progress ? .failed : .stopped
      try log.end(outcome, "the node or the job ended without a record")
      attempts = log.attempts()
    }
    if failures(attempts) >= Self.maximumFailures { return try giveUp(tail) }
    try log.start(
      Attempt(
        submission: path, job: job ?? "", node: node, progress: progress))
    let before = progress
    let result: Result<Int32, SweepError>
    do {
      result = .success(try train())
    } catch {
      result = .failure(error)
    }
    return try judge(result, before: before)
  }

  private func judge(_ result: Result<Int32, SweepError>, before: String) throws(SweepError)
    -> Int32
  {
    let left = unfinished
    if left?.isEmpty == true {
      try log.end(.ended, "")
      return 0
    }
    let lines = tail
    let reason: String
    switch result {
    case .failure(let error): reason = error.description
    case .success(let code): reason = "sweep run ended with \(Self.text(code)): \(lines)"
    }
    if Submission.isCanceled(path) || (interrupt.isRequested && !mayRequeue) {
      let who = Submission.isCanceled(path) ? "it was canceled" : "Slurm ended it"
      try log.end(.stopped, who)
      note("\(who); progress is saved")
      return 0
    }
    if interrupt.isRequested && progress != before {
      try log.end(.stopped, "it was asked to stop")
    } else {
      let why = interrupt.isRequested ? "it was stopped before making progress" : reason
      try log.end(.failed, why)
      note("this attempt failed")
      if failures(log.attempts()) >= Self.maximumFailures { return try giveUp(reason) }
    }
    guard let job else { return 1 }
    guard mayRequeue else {
      note("Slurm ended or requeued the job itself")
      return 1
    }
    try slurm.requeue(job)
    note("requeued to resume from the last checkpoint")
    return 0
  }

  /// Trains the remaining cells in a child process; returns its exit code.
  private func train() throws(SweepError) -> Int32 {
    var root = submission.dataRoot
    let images =
      (try? String(contentsOfFile: Submission.imageList(in: path), encoding: .utf8)) ?? ""
    if let scratch = submission.scratch {
      do {
        root = try ScratchCopy(
          images: images, fingerprint: submission.fingerprint, source: root,
          folder: ScratchCopy.expand(scratch, environment), interrupt: interrupt
        ).prepare(note: note)
      } catch {
        if error.kind == .interrupted { throw error }
        note("no copy on this node's disk, reading \(root) directly: \(error)")
      }
    }
    if !images.isEmpty, !task.hasStore {
      // The images were decoded at submission; reading them is enough here.
      try Store.open(task.store, isShared: true).register(
        dataSet: submission.fingerprint, files: images)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: submission.program)
    var arguments = [
      "run", Submission.experimentFile(in: path), "--task", "--cells-from", task.cellList,
      "--data-root", root, "--store", task.store, "--fingerprint", submission.fingerprint,
      "--checkpoint-every", "\(submission.checkpointEvery)", "--progress", "plain",
    ]
    // The variables apply to this task only if its own job set them.
    let processors = environment["SLURM_CPUS_PER_TASK"] ?? environment["SLURM_CPUS_ON_NODE"]
    if job != nil, let threads = processors.flatMap({ Int($0) }), threads > 0 {
      arguments += ["--threads", "\(min(threads, Threads.maximum))"]
    }
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do {
      try process.run()
    } catch {
      throw SweepError(
        .runFailed, at: submission.program,
        "cannot be run on \(node): \(error.localizedDescription)",
        advice: "every node must see it under this name")
    }
    interrupt.forward(to: process.processIdentifier)
    // A warning may have arrived before the process could handle it.
    while ended.wait(timeout: .now() + 2) == .timedOut {
      if interrupt.isRequested { process.terminate() }
    }
    interrupt.forward(to: 0)
    return process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
  }

  /// Records the remaining cells as failed if the task's store is writable.
  private func giveUp(_ reason: String) throws(SweepError) -> Int32 {
    let text =
      "given up after \(Self.maximumFailures) attempts, the last by job \(job ?? "–") on \(node): "
      + reason
    note(text)
    try log.end(.gaveUp, text)
    if task.hasStore, let store = try? Store.open(task.store, isShared: true) {
      do {
        try store.recordFailure(
          of: try task.cells(), in: submission.experiment, reason: text,
          fingerprint: submission.fingerprint)
      } catch {
        note("cannot record this in the task's store: \(error)")
      }
    }
    return 1
  }

  private func failures(_ attempts: [Attempt]) -> Int {
    attempts.count { $0.submission == path && $0.outcome == .failed }
  }

  private var job: String? {
    guard let array = environment["SLURM_ARRAY_JOB_ID"], environment["SLURM_ARRAY_TASK_ID"] != nil
    else { return nil }
    return "\(array)_\(index)"
  }

  private var node: String {
    environment["SLURMD_NODENAME"] ?? ProcessInfo.processInfo.hostName
  }

  /// Whether to requeue the job: not if it was canceled or Slurm requeues it.
  private var mayRequeue: Bool { job.flatMap(slurm.state) == "RUNNING" }

  /// The ids of unfinished cells; nil if the store cannot be read.
  private var unfinished: [String]? {
    guard let cells = try? task.cells(),
      let records = try? Store.read(task.store).cells(of: submission.experiment)
    else { return nil }
    let settled = Set(records.filter(\.isSettled).map(\.description.id))
    return cells.filter { !settled.contains($0) }
  }

  /// A text that changes whenever something was recorded or saved.
  private var progress: String {
    let records = (try? Store.read(task.store).cells(of: submission.experiment)) ?? []
    let epochs = records.reduce(0) { $0 + $1.completedEpochs }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: task.checkpoints)) ?? []
    var newest = 0
    for name in names {
      var file = stat()
      guard stat("\(task.checkpoints)/\(name)", &file) == 0 else { continue }
      newest = max(newest, file.st_mtim.tv_sec * 1_000_000_000 + file.st_mtim.tv_nsec)
    }
    return "\(Format.count(epochs, "epoch")), newest checkpoint \(newest)"
  }

  private var tail: String {
    let lines = LogTail.lines(of: Submission.log(in: path, index: index), count: 5)
    return lines.joined(separator: " / ")
  }

  private static func text(_ code: Int32) -> String {
    switch code {
    case 128 + SIGKILL: "signal 9, perhaps because memory ran out"
    case 129...: "signal \(code - 128)"
    default: "exit code \(code)"
    }
  }

  /// Waits until no other job works on the task; nil if asked to stop first.
  private func waitForLock() throws(SweepError) -> FileLock? {
    var isWaiting = false
    while !interrupt.isRequested {
      if let lock = try FileLock(task.lock) { return lock }
      if !isWaiting { note("another job works on this task; waiting until it ends") }
      isWaiting = true
      sleep(1)
    }
    return nil
  }
}
