import Common

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
  /// The folder it was submitted to run in.
  package var folder: String

  /// The array index; nil for a job outside an array.
  package var index: Int? {
    job.split(separator: "_", maxSplits: 1).dropFirst().first.flatMap { Int($0) }
  }

  /// Whether it is at work now.
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

  /// The entries in what `squeue` printed.
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
