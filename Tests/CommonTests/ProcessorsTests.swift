import Foundation
import Testing

@testable import Common

@Suite struct ProcessorsTests {
  @Test(
    "A control group's share of processor time is read; `max` means no limit",
    arguments: [
      ("150000 100000\n", 1.5), ("max 100000\n", nil), ("", nil), ("0 100000", nil), ("x y", nil),
    ])
  func unified(text: String, share: Double?) {
    #expect(Processors.quota(unified: text) == share)
  }

  @Test("In the files of version 1, -1 means no limit")
  func older() {
    #expect(Processors.quota(quota: "-1\n", period: "100000\n") == nil)
    #expect(Processors.quota(quota: "200000\n", period: "100000\n") == 2)
  }

  @Test("A control group leaves what its limit and its use leave, in both versions")
  func memory() throws {
    let folder = NSTemporaryDirectory() + "sweep-group-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ name: String, _ text: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    #expect(ProcessMemory.rest(ofGroup: folder, isUnified: true) == nil)
    try write("memory.max", "1000\n")
    try write("memory.current", "700\n")
    try write("memory.stat", "anon 1\ninactive_file 50\ntotal_inactive_file 60\n")
    #expect(ProcessMemory.rest(ofGroup: folder, isUnified: true) == 350)
    try write("memory.limit_in_bytes", "2000\n")
    try write("memory.usage_in_bytes", "2100\n")
    #expect(ProcessMemory.rest(ofGroup: folder, isUnified: false) == 0)
    try write("memory.max", "max\n")
    #expect(ProcessMemory.rest(ofGroup: folder, isUnified: true) == nil)
  }

  /// A control group's files under a folder that stands for the root of the file system.
  struct System: Sendable {
    var bound = 8
    var groups = ""
    /// The contents of files by their path below `/sys/fs/cgroup`.
    var files: [String: String] = [:]
    var available: Int
  }

  @Test(
    "The threads are the processors that the process is bound to, within its control group's share",
    arguments: [
      System(available: 8),
      System(bound: 0, available: 1),
      System(groups: "0::/job\n", files: ["job/cpu.max": "max 100000\n"], available: 8),
      System(groups: "0::/job\n", files: ["job/cpu.max": "150000 100000\n"], available: 2),
      System(groups: "0::/job\n", files: ["job/cpu.max": "20000 100000\n"], available: 1),
      System(groups: "0::/job\n", files: ["job/cpu.max": "1600000 100000\n"], available: 8),
      // The smallest share of a group and its parents counts.
      System(
        groups: "0::/user/job\n",
        files: ["user/cpu.max": "300000 100000\n", "user/job/cpu.max": "500000 100000\n"],
        available: 3),
      System(groups: "0::/\n", files: ["cpu.max": "400000 100000\n"], available: 4),
      // Version 1 has a line for each controller, and other files.
      System(
        groups: "5:memory:/other\n4:cpu,cpuacct:/job\n",
        files: [
          "cpu/job/cpu.cfs_quota_us": "500000\n", "cpu/job/cpu.cfs_period_us": "100000\n",
          "cpu/other/cpu.cfs_quota_us": "100000\n", "cpu/other/cpu.cfs_period_us": "100000\n",
        ], available: 5),
      System(
        groups: "4:cpu:/job\n",
        files: ["cpu/job/cpu.cfs_quota_us": "-1\n", "cpu/job/cpu.cfs_period_us": "100000\n"],
        available: 8),
    ])
  func available(system: System) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "cgroup-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    var files = ["proc/self/cgroup": system.groups]
    for (path, text) in system.files { files["sys/fs/cgroup/\(path)"] = text }
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    #expect(Processors.available(bound: system.bound, root: root.path) == system.available)
  }
}
