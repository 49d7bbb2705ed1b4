import Common
import Foundation

/// Slurm as its own programs show it.
///
/// `squeue`, `sbatch`, `scancel` and `scontrol` are enough; `sacct` adds how old jobs ended where
/// the cluster keeps accounts.
package struct Slurm {
  private let commands: any CommandRunner

  package init(_ commands: any CommandRunner = SystemCommands(environment: environment)) {
    self.commands = commands
  }

  /// This process's environment without the variables that would change a submission unasked.
  ///
  /// `sbatch` reads options from `SBATCH_…`, and a job inherits the `SLURM_…` of the job that
  /// submits it. Options on the command line take precedence over the rest.
  package static var environment: [String: String] {
    ProcessInfo.processInfo.environment.filter { !isForeign($0.key) }
  }

  /// Whether a variable belongs to another submission.
  static func isForeign(_ variable: String) -> Bool {
    let others = [
      "SBATCH_ARRAY_INX", "SBATCH_DEPENDENCY", "SBATCH_WAIT", "SBATCH_TEST_ONLY",
      "SBATCH_HOLD", "SBATCH_MEM_PER_CPU", "SBATCH_MEM_PER_GPU", "SLURM_CPUS_PER_TASK",
      "SLURM_CPUS_ON_NODE", "SLURM_MEM_PER_CPU", "SLURM_MEM_PER_NODE",
    ]
    return others.contains(variable) || variable.hasPrefix("SLURM_ARRAY_")
      || variable.hasPrefix("SLURM_JOB_") || variable.hasPrefix("SLURM_TRES_")
  }

  /// The most tasks that an array may have here; nil where Slurm does not tell.
  func maximumArraySize() -> Int? {
    guard let result = try? commands.run("scontrol", ["show", "config"]), result.code == 0 else {
      return nil
    }
    let line = result.output.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    return line?.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
  }

  package static func require() throws(SweepError) {
    if SystemCommands().path(of: "sbatch") == nil { throw missing("sbatch") }
  }

  /// The jobs that Slurm knows and that run in `folder` or below; nil where there is no Slurm.
  ///
  /// Ended jobs are among them for some minutes. Throws where Slurm does not answer.
  package func queue(below folder: String) throws(SweepError) -> [QueueEntry]? {
    let arguments = ["--array", "--noheader", "--states=all", "--format=\(QueueEntry.format)"]
    guard let result = try commands.run("squeue", arguments) else { return nil }
    try Self.check(result, "squeue")
    return QueueEntry.parse(result.output).filter { $0.folder.hasPrefix(folder + "/") }
  }

  /// How the tasks of a job ended, as the cluster's accounts have it; empty where it keeps none.
  func accounts(of job: String, folder: String) -> [QueueEntry] {
    let arguments = [
      "--allocations", "--noheader", "--parsable2", "--format=JobID,State,Start,NodeList,Reason",
      "--jobs=\(job)",
    ]
    guard let result = try? commands.run("sacct", arguments), result.code == 0 else { return [] }
    return QueueEntry.parse(accounting: result.output, folder: folder)
  }

  /// Submits a script; gives the job's id.
  func submit(_ script: String, options: [String] = []) throws(SweepError) -> String {
    let output = try run("sbatch", ["--parsable"] + options + [script])
    // "123", or "123;cluster" where there are several.
    let id = output.split(whereSeparator: { ";\n".contains($0) }).first.map(String.init)
    guard let id, Int(id) != nil else {
      throw SweepError(.runFailed, at: "sbatch", "its answer is not a job id: \(output)")
    }
    return id
  }

  /// The state of a job; nil where Slurm does not know it.
  func state(of job: String) -> String? {
    let result = try? commands.run(
      "squeue", ["--noheader", "--states=all", "--format=%T", "--jobs=\(job)"])
    guard let result, result.code == 0 else { return nil }
    return result.output.split(separator: "\n").first.map(String.init)
  }

  func requeue(_ job: String) throws(SweepError) {
    _ = try run("scontrol", ["requeue", job])
  }

  func cancel(_ jobs: [String]) throws(SweepError) {
    if !jobs.isEmpty { _ = try run("scancel", jobs) }
  }

  /// What a program that must be there and succeed has printed.
  private func run(_ program: String, _ arguments: [String]) throws(SweepError) -> String {
    guard let result = try commands.run(program, arguments) else { throw Self.missing(program) }
    try Self.check(result, program)
    return result.output
  }

  private static func missing(_ program: String) -> SweepError {
    SweepError(
      .runFailed, at: program, "this machine has no such program: Slurm is not installed here",
      advice: "run it where Slurm is, or leave the scripts for it with `sweep submit --print-only`")
  }

  private static func check(_ result: CommandResult, _ program: String) throws(SweepError) {
    guard result.code != 0 else { return }
    // "sbatch: error: Batch job submission failed: Invalid partition name specified"
    let last = result.errors.split(separator: "\n").last.map {
      $0.replacing(#/^\w+: (error|fatal): /#, with: "")
    }
    throw SweepError(.runFailed, at: program, last.map(String.init) ?? "exit code \(result.code)")
  }
}

/// A job, or a task of a job array, as Slurm has it.
package struct QueueEntry: Sendable, Equatable {
  /// The job, for an array's task with its index: `123_4`.
  package var job: String
  /// Slurm's name of its state, such as `PENDING`; see "Job State Codes" in squeue(1).
  package var state: String
  /// When it started, or is expected to, as Slurm prints it; empty where that is not known.
  package var start: String
  /// The nodes it runs on; empty where it does not run.
  package var nodes: String
  /// Why it is in its state; empty where there is nothing to tell.
  package var reason: String
  package var folder: String

  package var index: Int? {
    job.split(separator: "_", maxSplits: 1).dropFirst().first.flatMap { Int($0) }
  }

  package var isRunning: Bool { ["RUNNING", "COMPLETING", "SUSPENDED", "STOPPED"].contains(state) }

  /// Whether it will do more by itself, or still does.
  package var isActive: Bool { !Self.finalStates.contains(state) }

  /// States that a job leaves no more by itself.
  private static let finalStates: Set<String> = [
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
    "PREEMPTED", "REVOKED", "TIMEOUT",
  ]

  /// What `squeue` is asked for; the folder comes last, for it may hold the separator.
  static let format = "%i|%T|%S|%N|%r|%Z"

  static func parse(_ text: String) -> [QueueEntry] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(
        separator: "|", maxSplits: 5, omittingEmptySubsequences: false
      ).map(String.init)
      guard fields.count == 6, !fields[0].isEmpty else { return nil }
      return QueueEntry(
        job: fields[0], state: fields[1], start: known(fields[2]), nodes: known(fields[3]),
        reason: known(fields[4]), folder: fields[5])
    }
  }

  /// The entries in what `sacct --parsable2 --format=JobID,State,Start,NodeList,Reason` printed.
  static func parse(accounting text: String, folder: String) -> [QueueEntry] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5, !fields[0].contains(".") else { return nil }
      // "CANCELLED by 1000"
      let state = fields[1].split(separator: " ").first.map(String.init) ?? ""
      return QueueEntry(
        job: fields[0], state: state, start: known(fields[2]), nodes: known(fields[3]),
        reason: known(fields[4]), folder: folder)
    }
  }

  private static func known(_ text: String) -> String {
    ["N/A", "None", "Unknown", "(null)", "None assigned", "n/a"].contains(text) ? "" : text
  }
}
