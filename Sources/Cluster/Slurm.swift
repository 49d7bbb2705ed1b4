import Common
import Foundation

/// Slurm as its own programs show it.
///
/// `squeue`, `sbatch`, `scancel` and `scontrol` are enough; `sacct` adds how old jobs ended where
/// the cluster keeps accounts.
package struct Slurm {
  private let commands: any CommandRunner

  /// The Slurm of this machine, or of those programs.
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

  /// Throws where this machine cannot submit jobs.
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
    guard let result = try commands.run("sbatch", ["--parsable"] + options + [script]) else {
      throw Self.missing("sbatch")
    }
    try Self.check(result, "sbatch")
    // "123", or "123;cluster" where there are several.
    let id = result.output.split(whereSeparator: { ";\n".contains($0) }).first.map(String.init)
    guard let id, Int(id) != nil else {
      throw SweepError(.runFailed, at: "sbatch", "its answer is not a job id: \(result.output)")
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

  /// Puts a running job back into the queue.
  func requeue(_ job: String) throws(SweepError) {
    guard let result = try commands.run("scontrol", ["requeue", job]) else {
      throw Self.missing("scontrol")
    }
    try Self.check(result, "scontrol")
  }

  /// Ends jobs.
  func cancel(_ jobs: [String]) throws(SweepError) {
    guard !jobs.isEmpty else { return }
    guard let result = try commands.run("scancel", jobs) else { throw Self.missing("scancel") }
    try Self.check(result, "scancel")
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
