import Common
import Foundation
import Results
import Study
import Testing

@testable import Cluster

@Suite struct SubmitterTests {
  private let all: Set = [
    "mobilenet_v1-w0.1-r64-s0", "mobilenet_v1-w0.1-r48-s0", "mobilenet_v2-w0.1-r64-s0",
    "mobilenet_v2-w0.1-r48-s0",
  ]

  @Test("Every cell is in one task, the array and the merge that waits for it are submitted")
  func first() throws {
    let site = try Site()
    let draft = try site.submit()
    #expect(draft.cells.count == 2)
    #expect(draft.cells.flatMap(\.self).sorted() == all.sorted())
    #expect(try site.folder.task(1).cells() == draft.cells[0])
    let jobs = site.slurm.calls(of: "sbatch")
    #expect(jobs.map(\.last) == [site.submission + "/array.sh", site.submission + "/merge.sh"])
    #expect(jobs[0].contains("--array=0-1") && !jobs[1].contains { $0.hasPrefix("--array") })
    #expect(jobs[1].contains("--dependency=afterany:101"))
    #expect(Submission.jobs(site.submission) == ["101", "102"])
  }

  @Test("Options stand on sbatch's command line, where no variable takes precedence over them")
  func commandLine() throws {
    let site = try Site()
    try site.submit {
      $0.job.time = "8:00:00"
      $0.job.partition = "long"
      $0.job.extra = ["--constraint=avx2"]
    }
    for job in site.slurm.calls(of: "sbatch") {
      for option in ["--time=8:00:00", "--partition=long", "--constraint=avx2"] {
        #expect(job.contains(option))
      }
    }
    for name in ["SBATCH_ARRAY_INX", "SLURM_CPUS_PER_TASK", "SLURM_JOB_ID", "SLURM_ARRAY_TASK_ID"] {
      #expect(Slurm.isForeign(name))
    }
    for name in ["SLURM_CONF", "SBATCH_ACCOUNT", "PATH"] { #expect(!Slurm.isForeign(name)) }
  }

  @Test("A cluster's limit on arrays is kept, and said")
  func arrayLimit() throws {
    let site = try Site()
    site.slurm.configuration = "MaxArraySize            = 2\nMaxJobCount = 10000\n"
    let draft = try site.draft { $0.maximumTasks = 4 }
    #expect(draft.cells.count == 2 && draft.cells.flatMap(\.self).sorted() == all.sorted())
    #expect(draft.notes == ["arrays have at most 2 tasks on this cluster"])
    site.slurm.configuration = ""
    #expect(try site.draft { $0.maximumTasks = 4 }.cells.count == 4)
  }

  @Test("A second submission sends only cells that are neither done nor queued")
  func second() throws {
    let site = try Site()
    let first = try site.submit()
    site.slurm.queue = site.entry(0, "RUNNING", node: "n1") + site.entry(1, "PENDING")
    #expect(try site.draft().isEmpty)
    #expect(try site.draft().counts == (0, 0, 4))
    // The second task was canceled before it began.
    site.slurm.queue = site.entry(0, "RUNNING", node: "n1") + site.entry(1, "CANCELLED")
    #expect(try site.draft().cells.flatMap(\.self).sorted() == first.cells[1].sorted())
    // The first one's are done, in its own store alone.
    try site.train(Set(first.cells[0]), in: site.folder.task(1).store)
    site.slurm.queue = ""
    let second = try site.draft()
    #expect(second.counts == (first.cells[1].count, first.cells[0].count, 0))
    // All is done in the store that takes the results.
    try site.train(all, in: site.store)
    #expect(try site.draft().isEmpty)
  }

  @Test("What has begun goes on in the task that has its checkpoints; what diverged is not sent")
  func goesOn() throws {
    let site = try Site()
    let first = try site.submit()
    let (begun, other) = (first.cells[1][0], first.cells[1][1])
    try site.train([begun], in: site.folder.task(2).store, as: .interrupted)
    try site.train([other], in: site.folder.task(2).store, as: .diverged("NaN"))
    let second = try site.submit()
    #expect(second.submission.tasks.first == 2)
    #expect(second.cells[0] == [begun])
    #expect(second.cells.count == 2)
    #expect(Set(second.cells[1]) == Set(first.cells[0]))
  }

  @Test("Cells that failed are sent again")
  func failed() throws {
    let site = try Site()
    try site.train(["mobilenet_v1-w0.1-r64-s0"], in: site.store, as: .failed("no memory"))
    try site.train(all.subtracting(["mobilenet_v1-w0.1-r64-s0"]), in: site.store)
    #expect(try site.draft().cells == [["mobilenet_v1-w0.1-r64-s0"]])
  }

  @Test("Scripts that somebody may have submitted by hand count as queued until they are canceled")
  func byHand() throws {
    let site = try Site()
    try SweepRunner.register(site.plan, in: Store.open(site.store))
    let submitter = try site.submitter()
    try submitter.write(try submitter.draft([]))
    #expect(try site.draft().isEmpty)
    let counts = try Cancellation(site.folder, slurm: Slurm(site.slurm)).counts
    #expect(counts == (1, 0))
    #expect(try site.draft().counts.sent == 4)
  }

  @Test("Where sbatch refuses, its reason is told and the next submission sends the same")
  func refused() throws {
    let site = try Site()
    site.slurm.failures["sbatch"] =
      "sbatch: error: invalid partition specified: x\n"
      + "sbatch: error: Batch job submission failed: no such partition\n"
    let error = #expect(throws: SweepError.self) { try site.submit() }
    #expect(error?.description == "sbatch: Batch job submission failed: no such partition")
    site.slurm.failures = [:]
    #expect(try site.submit().counts.sent == 4)
  }

  @Test("Scripts can be printed where Slurm's programs are there but do not work")
  func brokenSlurm() throws {
    let site = try Site()
    site.slurm.failures["squeue"] = "squeue: fatal: Could not establish a configuration source\n"
    let draft = try site.submitter().draft([], mayLackSlurm: true)
    #expect(draft.counts.sent == 4)
    #expect(
      draft.notes.first?.hasSuffix("squeue: Could not establish a configuration source") == true)
    #expect(throws: SweepError.self) { try site.draft() }
  }

  @Test("Two stores in one folder have tasks of their own")
  func twoStores() throws {
    let site = try Site()
    try site.submit()
    let other = site.path + "/results/other.sqlite"
    let second = try ClusterFolder(store: other, experiment: "trial")
    #expect(second.path == site.path + "/results/trial~2/slurm")
    #expect(try ClusterFolder(store: site.store, experiment: "trial") == site.folder)
    let draft = try site.submitter { $0.store = other }.draft([])
    #expect(draft.counts.sent == 4)
    #expect(draft.folder == second.path + "/submissions/001")
  }

  @Test(
    "A time limit that is over before the warning is refused, also among sbatch's own options",
    arguments: [["--time=1:00"], ["-t", "1"], ["-t2"], ["--time", "2:00"], ["--time=3:00"]])
  func shortTime(options: [String]) throws {
    var job = JobOptions()
    job.extra = options
    if options == ["--time=3:00"] { return try job.check() }
    #expect(throws: SweepError.self) { try job.check() }
  }

  @Test("Two submissions at the same time: the second is refused")
  func alone() throws {
    let site = try Site()
    let second = try site.submitter()
    try site.submitter().alone { () throws(SweepError) -> Void in
      do throws(SweepError) {
        try second.alone { () throws(SweepError) -> Void in Issue.record("both are at work") }
      } catch {
        #expect("\(error)".contains("another `sweep submit` is running"))
      }
    }
  }

  @Test("Without Slurm the error names its program and the way to do without")
  func noSlurm() throws {
    let site = try Site()
    site.slurm.queue = nil
    let error = #expect(throws: SweepError.self) { try site.submit() }
    #expect(error?.description.contains("sbatch") == true)
    #expect(error?.description.contains("--print-only") == true)
  }

  @Test("Images that are not those of the store's figures are refused before anything is queued")
  func otherImages() throws {
    let site = try Site()
    try site.train(all, in: site.store)
    let store = try Store.read(site.store)
    try site.submitter().refuseChangedImages(in: store)
    #expect(throws: SweepError.self) {
      try site.submitter { $0.fingerprint = "other" }.refuseChangedImages(in: store)
    }
  }

  @Test("Canceling marks the submission and ends the array, not the merge")
  func cancel() throws {
    let site = try Site()
    try site.submit()
    site.slurm.queue =
      site.entry(0, "RUNNING") + site.entry(1, "PENDING")
      + "102|PENDING|N/A||Dependency|\(site.submission)\n"
    let counts = try Cancellation(site.folder, slurm: Slurm(site.slurm)).counts
    #expect(counts == (1, 2))
    #expect(site.slurm.calls(of: "scancel") == [["scancel", "101"]])
    #expect(Submission.isCanceled(site.submission))
  }

  @Test("Axes that came after tasks were submitted are refused until these are put away")
  func changedAxes() throws {
    let site = try Site()
    let draft = try site.submit()
    for (index, cells) in draft.cells.enumerated() {
      try site.train(Set(cells), in: site.folder.task(index + 1).store)
    }
    let stores = [1, 2].map { site.folder.task($0).store }
    _ = try ResultMerge(stores, into: site.store)
    try site.setAxes(#""optimizer.name": ["sgd", "adam"], "#)
    let store = try Store.open(site.store)
    let error = #expect(throws: SweepError.self) {
      try site.submitter().refuseChangedAxes(in: store)
    }
    #expect(error?.message.contains("axes have changed since tasks") == true)
    try FileManager.default.removeItem(atPath: site.folder.path)
    try site.submitter().refuseChangedAxes(in: store)
    try SweepRunner.register(site.plan, in: store)
    let next = try site.draft()
    #expect(next.counts.settled == 4)
    #expect(next.cells.joined().allSatisfy { $0.hasSuffix("-optimizersgd") })
  }
}
