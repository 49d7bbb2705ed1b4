import Common
import Foundation

package struct Cancellation {
  /// How many submissions were canceled, and how many of their tasks were queued or running.
  package let counts: (submissions: Int, tasks: Int)

  /// Cancels what is left of the submissions in `folder`; the jobs that merge go on, so that what
  /// was trained is put together.
  package init(_ folder: ClusterFolder, slurm: Slurm = Slurm()) throws(SweepError) {
    let queue = try slurm.queue(below: folder.path)
    let active = Dictionary(
      grouping: (queue ?? []).filter { $0.isActive && $0.index != nil }, by: \.folder)
    var submissions = 0
    for number in folder.submissionNumbers() {
      let path = folder.submission(number)
      guard !Submission.isCanceled(path) else { continue }
      let isPrinted = Submission.jobs(path).isEmpty
      guard isPrinted || active[path] != nil || queue == nil else { continue }
      // First: tasks that are warned see that they are not to go on.
      try AtomicFile.write(Data(), to: Submission.cancelMark(in: path))
      submissions += 1
    }
    // Also of submissions that were marked before, if Slurm could not be reached then.
    let arrays = Set(active.values.joined().map { $0.job.prefix { $0 != "_" } }).map(String.init)
    try slurm.cancel(arrays.sorted())
    counts = (submissions, active.values.reduce(0) { $0 + $1.count })
  }
}
