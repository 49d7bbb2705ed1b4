import Common
import Foundation
import Results
import Testing

@testable import Cluster

@Suite(.serialized) struct TaskRunnerTests {
  /// A submission of two tasks whose program is a shell script.
  private func site(_ script: String) throws -> Site {
    let site = try Site()
    try site.submit()
    try site.write("#!/bin/sh\n\(script)\n", to: "program")
    chmod(site.path + "/program", 0o755)
    return site
  }

  private func attempt(_ site: Site, index: Int = 0) throws -> Int32 {
    try TaskRunner(
      submission: site.submission, index: index, slurm: Slurm(site.slurm),
      environment: [
        "SLURM_ARRAY_JOB_ID": "101", "SLURM_ARRAY_TASK_ID": "\(index)", "SLURMD_NODENAME": "n7",
        "SLURM_CPUS_PER_TASK": "3",
      ], note: { _ in }
    ).run()
  }

  private func outcomes(_ site: Site, task: Int = 1) -> [Attempt.Outcome?] {
    AttemptLog(path: site.folder.task(task).attempts).attempts().map(\.outcome)
  }

  @Test("A task that fails is queued again twice; the third time it is given up with the log's end")
  func failure() throws {
    let site = try site("exit 3")
    try site.write("first\n\nno room on the disk\n", to: "log")
    let log = Submission.log(in: site.submission, index: 0)
    try FileManager.default.copyItem(atPath: site.path + "/log", toPath: log)
    #expect(try attempt(site) == 0)
    #expect(try attempt(site) == 0)
    #expect(site.slurm.calls(of: "scontrol").count == 2)
    #expect(site.slurm.calls(of: "scontrol")[0] == ["scontrol", "requeue", "101_0"])
    #expect(try attempt(site) == 1)
    #expect(site.slurm.calls(of: "scontrol").count == 2)
    let last = try #require(AttemptLog(path: site.folder.task(1).attempts).attempts().last)
    #expect(last.outcome == .gaveUp)
    #expect(
      last.reason
        == "given up after 3 attempts, the last by job 101_0 on n7: sweep run ended with exit code 3: "
        + "first / no room on the disk")
    // The store that takes the results learns of it; the other task's cells are not concerned.
    let report = try Collector(submission: site.submission).run()
    #expect(report.failed == 2)
    let records = try site.records(in: site.store)
    let failed = records.filter { $0.status == .failed }
    #expect(Set(failed.map(\.description.id)) == Set(try site.folder.task(1).cells()))
    #expect(failed.allSatisfy { $0.lastRun?.error?.contains("no room on the disk") == true })
  }

  @Test(
    "A task whose cells are done ends, and its cells come into the store that takes the results")
  func ended() throws {
    let site = try site("exit 0")
    let cells = try site.folder.task(1).cells()
    try site.train(Set(cells), in: site.folder.task(1).store)
    #expect(try attempt(site) == 0)
    #expect(outcomes(site) == [.ended])
    #expect(site.slurm.calls(of: "scontrol").isEmpty)
    #expect(try Collector(submission: site.submission).run().cells == cells.count)
    #expect(try site.records(in: site.store).count { $0.status == .done } == cells.count)
    // Collected once more, it is the same.
    #expect(try Collector(submission: site.submission).run().cells == 0)
  }

  @Test("A task that is ended by a signal is told as that")
  func killed() throws {
    let site = try site("kill -KILL $$")
    #expect(try attempt(site) == 0)
    let last = AttemptLog(path: site.folder.task(1).attempts).attempts().last
    #expect(last?.reason.contains("signal 9") == true)
  }

  @Test(
    "An attempt whose end was not seen is a failure only where it came no further",
    arguments: [true, false])
  func lost(cameFurther: Bool) throws {
    let site = try site("exit 0")
    let task = site.folder.task(1)
    let cell = try #require(try task.cells().first)
    if !cameFurther { try site.train([cell], in: task.store) }
    // The same state of the task gives the same text.
    let progress = cameFurther ? "0 epochs, newest checkpoint 0" : "2 epochs, newest checkpoint 0"
    try AttemptLog(path: task.attempts).start(
      Attempt(submission: site.submission, job: "101_0", node: "n1", progress: progress))
    if cameFurther { try site.train([cell], in: task.store) }
    _ = try attempt(site)
    #expect(outcomes(site).first == (cameFurther ? .stopped : .failed))
  }

  @Test("A canceled submission's task does nothing")
  func canceled() throws {
    let site = try site("exit 3")
    try Data().write(to: URL(fileURLWithPath: Submission.cancelMark(in: site.submission)))
    #expect(try attempt(site) == 0)
    #expect(outcomes(site).isEmpty)
  }

  @Test("The program gets the task's cells, store and images, and as many threads as processors")
  func arguments() throws {
    let site = try site("echo \"$@\" > \(NSTemporaryDirectory())/$PPID.arguments; exit 1")
    _ = try attempt(site, index: 1)
    let path = "\(NSTemporaryDirectory())/\(getpid()).arguments"
    defer { unlink(path) }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let task = site.folder.task(2)
    #expect(text.contains("run \(site.submission)/experiment.json --task"))
    #expect(text.contains("--cells-from \(task.cellList)"))
    #expect(text.contains("--store \(task.store)"))
    #expect(text.contains("--data-root \(site.path)/data"))
    #expect(text.contains("--fingerprint f00d"))
    #expect(text.contains("--threads 3"))
  }

  @Test("A damaged store of one task does not keep the others' results back")
  func damaged() throws {
    let site = try site("exit 0")
    let cells = try site.folder.task(2).cells()
    try site.train(Set(cells), in: site.folder.task(2).store)
    try site.write("no store", to: "results/trial/slurm/tasks/0001/sweep.sqlite")
    let report = try Collector(submission: site.submission).run()
    #expect(report.cells == cells.count)
    #expect(report.problems.count == 1)
    #expect(report.problems.first?.contains("tasks/0001/sweep.sqlite") == true)
  }

  @Test("A line that was cut short does not hide the attempts around it")
  func cutShort() throws {
    let site = try Site()
    let log = AttemptLog(path: site.path + "/attempts")
    let attempt = Attempt(submission: "s", job: "1_0", node: "n1", progress: "")
    try log.start(attempt)
    let text = try String(contentsOfFile: log.path, encoding: .utf8)
    try Data((text + "{\"submiss").utf8).write(to: URL(fileURLWithPath: log.path))
    try log.end(.failed, "a reason\nof two lines")
    #expect(log.attempts().map(\.outcome) == [.failed])
    #expect(log.attempts().map(\.reason) == ["a reason\nof two lines"])
  }
}
