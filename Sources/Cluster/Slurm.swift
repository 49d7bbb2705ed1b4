import Common
import Foundation

/// Slurm, through its command-line programs.
///
/// Requires `squeue`, `sbatch`, `scancel` and `scontrol`; `sacct` adds how past jobs ended if the
/// cluster keeps accounts.
package struct Slurm {
  private let commands: any CommandRunner

  package init(_ commands: any CommandRunner = SystemCommands(environment: environment)) {
    self.commands = commands
  }

  /// This process's environment without variables that would silently change a submission.
  ///
  /// `sbatch` reads options from `SBATCH_…`, and a job inherits the `SLURM_…` of the job that
  /// submits it. Command-line options override the rest.
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

  /// The most tasks in an array; nil if unknown.
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

  /// The jobs whose working directory is `folder` or below; nil if Slurm is not installed.
  ///
  /// Includes jobs that ended in the last minutes. Throws if Slurm does not respond.
  package func queue(below folder: String) throws(SweepError) -> [QueueEntry]? {
    let arguments = ["--array", "--noheader", "--states=all", "--format=\(QueueEntry.format)"]
    guard let result = try commands.run("squeue", arguments) else { return nil }
    try Self.check(result, "squeue")
    return QueueEntry.parse(result.output).filter { $0.folder.hasPrefix(folder + "/") }
  }

  /// How a job's tasks ended according to the accounts; empty if there are none.
  func accounts(of job: String, folder: String) -> [QueueEntry] {
    let arguments = [
      "--allocations", "--noheader", "--parsable2", "--format=JobID,State,Start,NodeList,Reason",
      "--jobs=\(job)",
    ]
    guard let result = try? commands.run("sacct", arguments), result.code == 0 else { return [] }
    return QueueEntry.parse(accounting: result.output, folder: folder)
  }

  /// Submits a script; returns the job's id.
  func submit(_ script: String, options: [String] = []) throws(SweepError) -> String {
    let output = try run("sbatch", ["--parsable"] + options + [script])
    // "123", or "123;cluster" with several clusters.
    let id = output.split(whereSeparator: { ";\n".contains($0) }).first.map(String.init)
    guard let id, Int(id) != nil else {
      throw SweepError(.runFailed, at: "sbatch", "expected a job id, got: \(output)")
    }
    return id
  }

  /// The state of a job; nil if Slurm does not know it.
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

  /// Runs a required program and returns its output; throws if it fails.
  private func run(_ program: String, _ arguments: [String]) throws(SweepError) -> String {
    guard let result = try commands.run(program, arguments) else { throw Self.missing(program) }
    try Self.check(result, program)
    return result.output
  }

  private static func missing(_ program: String) -> SweepError {
    SweepError(
      .runFailed, at: program, "program not found: Slurm is not installed here",
      advice: "run it on a Slurm node, or write scripts with `sweep submit --print-only`")
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

/// A job, or a task of a job array.
package struct QueueEntry: Sendable, Equatable {
  /// The job id; for an array task with its index: `123_4`.
  package var job: String
  /// Slurm's name for the state, such as `PENDING`; see "Job State Codes" in squeue(1).
  package var state: String
  /// The actual or expected start, as Slurm prints it; empty if unknown.
  package var start: String
  /// Its nodes; empty if it is not running.
  package var nodes: String
  /// The reason for its state; empty if there is none.
  package var reason: String
  package var folder: String

  package var index: Int? {
    job.split(separator: "_", maxSplits: 1).dropFirst().first.flatMap { Int($0) }
  }

  package var isRunning: Bool { ["RUNNING", "COMPLETING", "SUSPENDED", "STOPPED"].contains(state) }

  /// Whether it is running or will run.
  package var isActive: Bool { !Self.finalStates.contains(state) }

  private static let finalStates: Set<String> = [
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
    "PREEMPTED", "REVOKED", "TIMEOUT",
  ]

  /// The `squeue` format; the folder comes last because it may contain the separator.
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

  /// Parses the output of `sacct --parsable2 --format=JobID,State,Start,NodeList,Reason`.
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
