import Foundation

package enum ProcessMemory {
  /// The most resident memory that this process has had, in bytes.
  package static var peak: Int {
    field("VmHWM:", in: ControlGroups.text("/proc/self/status")).map { $0 * 1024 } ?? 0
  }

  /// The bytes that this process can still take: the system's, but no more than its control group
  /// has left; nil where the system does not tell.
  package static var available: Int? {
    let system = field("MemAvailable:", in: ControlGroups.text("/proc/meminfo")).map { $0 * 1024 }
    let group: Int? = ControlGroups.least(of: "memory") { folder, isUnified in
      func text(_ name: String) -> String { ControlGroups.text("\(folder)/memory.\(name)") }
      return isUnified
        ? rest(
          limit: text("max"), used: text("current"), statistics: text("stat"), "inactive_file ")
        : rest(
          limit: text("limit_in_bytes"), used: text("usage_in_bytes"), statistics: text("stat"),
          "total_inactive_file ")
    }
    return [system, group].compactMap(\.self).min()
  }

  /// What a control group has left, by its files; nil where there is no limit.
  ///
  /// Cached files make room: `cached` is the name of their number in the statistics.
  static func rest(limit: String, used: String, statistics: String, _ cached: String) -> Int? {
    func number(_ text: String) -> Int? {
      Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    guard let limit = number(limit), let used = number(used) else { return nil }
    return max(0, limit - max(0, used - (field(cached, in: statistics) ?? 0)))
  }

  /// The number after `name` in lines such as `MemAvailable:  123 kB`.
  static func field(_ name: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      let fields = line.dropFirst(name.count).split(whereSeparator: \.isWhitespace)
      return fields.first.flatMap { Int($0) }
    }
    return nil
  }
}
