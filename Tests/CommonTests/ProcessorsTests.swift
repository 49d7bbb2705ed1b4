import Foundation
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

  @Test("What is available is no more than the machine's processors and memory")
  func available() {
    #expect((1...max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))).contains(Processors.available))
    let pages = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    #expect((ProcessMemory.available ?? 0) <= pages)
  }
}
