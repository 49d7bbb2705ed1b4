import Foundation

package enum ProcessMemory {
  /// The most resident memory that this process has had, in bytes.
  package static var peak: Int {
    field("VmHWM:", in: read("/proc/self/status")).map { $0 * 1024 } ?? 0
  }

  /// The bytes that this process can still take: the system's, but no more than its control group
  /// has left; nil where the system does not tell.
  package static var available: Int? {
    let system = field("MemAvailable:", in: read("/proc/meminfo")).map { $0 * 1024 }
    guard let group = controlGroupRest else { return system }
    return min(system ?? group, group)
  }

  /// The number after `name` in lines such as `MemAvailable:  123 kB`.
  static func field(_ name: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      let fields = line.dropFirst(name.count).split(whereSeparator: \.isWhitespace)
      return fields.first.flatMap { Int($0) }
    }
    return nil
  }

  /// What the control group of version 2 has left; nil where there is no limit.
  ///
  /// Cached files make room.
  private static var controlGroupRest: Int? {
    let group =
      read("/proc/self/cgroup").split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3)
    let folder = "/sys/fs/cgroup\(group ?? "")"
    func number(_ name: String) -> Int? {
      Int(read("\(folder)/\(name)").trimmingCharacters(in: .whitespacesAndNewlines))
    }
    guard let limit = number("memory.max"), let used = number("memory.current") else { return nil }
    let cached = field("inactive_file ", in: read("\(folder)/memory.stat")) ?? 0
    return max(0, limit - used + cached)
  }

  private static func read(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
