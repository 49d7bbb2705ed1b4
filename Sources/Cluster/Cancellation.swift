import Common
import Foundation

package struct Cancellation {
  /// The number of submissions canceled, and of their queued or running tasks.
  package let counts: (submissions: Int, tasks: Int)

  /// Cancels the remaining tasks of the submissions in `folder`; the merging jobs still run, so
  /// that finished work is collected.
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
      // Mark first, so that warned tasks do not continue.
      try AtomicFile.write(Data(), to: Submission.cancelMark(in: path))
      submissions += 1
    }
    // Include submissions that were marked earlier, when Slurm may have been unreachable.
    let arrays = Set(active.values.joined().map { $0.job.prefix { $0 != "_" } }).map(String.init)
    try slurm.cancel(arrays.sorted())
    counts = (submissions, active.values.reduce(0) { $0 + $1.count })
  }
}
