import Common
import Foundation
import Results
import Testing

@testable import Cluster

@Suite struct ClusterStatusTests {
  private func status(_ site: Site) throws -> ClusterStatus {
    try #require(
      try ClusterStatus(
        site.folder, records: try site.records(in: site.store), slurm: Slurm(site.slurm)))
  }

  @Test("Cells are told where they run and since when, or what they wait for")
  func joined() throws {
    let site = try Site()
    let draft = try site.submit()
    site.slurm.queue =
      site.entry(0, "RUNNING", node: "n1") + site.entry(1, "PENDING", reason: "Priority")
    let status = try status(site)
    #expect(
      status.scheduler.jobs[draft.cells[0][0]]?.remark
        == "job 101_0 on n1 since 2026-01-31 12:00:00")
    #expect(status.scheduler.jobs[draft.cells[1][0]]?.remark == "job 101_1, Priority")
    #expect(status.scheduler.text == "Slurm, 2 tasks: 1 running, 1 queued (Priority 1)\n")
  }

  @Test("What a task's own store has further is shown before it is merged")
  func newer() throws {
    let site = try Site()
    let draft = try site.submit()
    try site.train([draft.cells[0][0]], in: site.folder.task(1).store)
    #expect(try status(site).newer.contains { $0.description.id == draft.cells[0][0] })
    try site.train([draft.cells[0][0]], in: site.store)
    #expect(try !status(site).newer.contains { $0.description.id == draft.cells[0][0] })
  }

  @Test("A task that came to a bad end is told with Slurm's state and the attempt's reason")
  func ended() throws {
    let site = try Site()
    try site.submit()
    site.slurm.queue = site.entry(0, "TIMEOUT")
    let log = AttemptLog(path: site.folder.task(1).attempts)
    try log.start(Attempt(submission: site.submission, job: "101_0", node: "n1", progress: ""))
    try log.end(.gaveUp, "given up: no room")
    let text = try status(site).scheduler.text
    #expect(text.contains("1 given up, 1 not finished"))
    #expect(text.contains("1  101_0  TIMEOUT  given up: no room"))
  }

  @Test("Without squeue the files still tell what was done")
  func noSlurm() throws {
    let site = try Site()
    try site.submit()
    site.slurm.queue = nil
    let status = try status(site)
    #expect(status.notes == ["squeue is missing, so the queue is unknown"])
    #expect(status.scheduler.text.hasPrefix("Slurm, 2 tasks: 2 queued"))
  }

  @Test("What sacct prints is read, the steps of a job passed over")
  func accounts() {
    let text = """
      12_0|COMPLETED|2026-01-31T12:00:00|n1|None
      12_0.batch|COMPLETED|2026-01-31T12:00:00|n1|
      12_1|CANCELLED by 1000|Unknown|None assigned|AssocMaxJobsLimit
      """
    let entries = QueueEntry.parse(accounting: text, folder: "/f")
    #expect(entries.map(\.job) == ["12_0", "12_1"])
    #expect(entries.map(\.state) == ["COMPLETED", "CANCELLED"])
    #expect(entries[1].start.isEmpty && entries[1].nodes.isEmpty)
    #expect(entries[1].index == 1 && !entries[1].isActive)
  }

  @Test(
    "States that a job leaves by itself are active",
    arguments: [
      ("PENDING", true), ("RUNNING", true), ("COMPLETING", true), ("REQUEUED", true),
      ("CONFIGURING", true), ("SUSPENDED", true), ("COMPLETED", false), ("TIMEOUT", false),
      ("NODE_FAIL", false), ("CANCELLED", false), ("OUT_OF_MEMORY", false),
    ])
  func states(state: String, isActive: Bool) {
    let entries = QueueEntry.parse("7_3|\(state)|N/A||None|/folder|with|bars\n")
    #expect(entries.first?.isActive == isActive)
    #expect(entries.first?.folder == "/folder|with|bars")
  }
}
