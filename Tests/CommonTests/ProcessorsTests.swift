import Testing

@testable import Common

@Suite struct ProcessorsTests {
  @Test(
    "A control group's share is read, and no limit is none",
    arguments: [
      ("150000 100000\n", 1.5), ("max 100000\n", nil), ("", nil), ("0 100000", nil), ("x y", nil),
    ])
  func unified(text: String, share: Double?) {
    #expect(Processors.quota(unified: text) == share)
  }

  @Test("The older files' -1 is no limit")
  func older() {
    #expect(Processors.quota(quota: "-1\n", period: "100000\n") == nil)
    #expect(Processors.quota(quota: "200000\n", period: "100000\n") == 2)
  }

  @Test("The limits of all groups above a process count, in both versions")
  func groups() {
    let text = "4:memory:/a/b\n2:cpu,cpuacct:/\n0::/x\n"
    let memory = ControlGroups.folders(of: "memory", in: text)
    #expect(
      memory.map(\.path) == [
        "/sys/fs/cgroup/memory/a/b", "/sys/fs/cgroup/memory/a", "/sys/fs/cgroup/memory",
        "/sys/fs/cgroup/x", "/sys/fs/cgroup",
      ])
    #expect(memory.map(\.isUnified) == [false, false, false, true, true])
    #expect(ControlGroups.folders(of: "cpu", in: text).map(\.path).first == "/sys/fs/cgroup/cpu")
    #expect(ControlGroups.folders(of: "cpu", in: "garbage").isEmpty)
  }

  @Test("A group has left what it does not use, cached files included")
  func memory() {
    let statistics = "cache 9\ninactive_file 50\ntotal_inactive_file 70\n"
    let rest = ProcessMemory.rest(
      limit: "1000\n", used: "400\n", statistics: statistics, "inactive_file ")
    #expect(rest == 650)
    #expect(
      ProcessMemory.rest(limit: "100", used: "400", statistics: "", "inactive_file ") == 0)
    #expect(ProcessMemory.rest(limit: "max\n", used: "4", statistics: "", "inactive_file ") == nil)
    #expect(ProcessMemory.rest(limit: "", used: "", statistics: "", "inactive_file ") == nil)
  }

  @Test("There is always a processor")
  func available() {
    #expect(Processors.available >= 1)
  }
}
