import Foundation

package enum ProcessMemory {
  /// The most resident memory that this process has had, in bytes.
  package static var peak: Int {
    field("VmHWM:", in: ControlGroup.read("/proc/self/status")).map { $0 * 1024 } ?? 0
  }

  /// The bytes that this process can still take: the system's, but no more than its control groups
  /// and its limit on address space (`ulimit -v`) leave; nil where nothing tells.
  package static var available: Int? {
    let system = field("MemAvailable:", in: ControlGroup.read("/proc/meminfo")).map { $0 * 1024 }
    let groups = ControlGroup.folders(of: "memory").compactMap { rest(ofGroup: $0, isUnified: $1) }
    return (groups + [system, addressSpace].compactMap(\.self)).min()
  }

  /// The bytes that the limit on address space leaves; nil where there is none.
  package static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      let most = Int(exactly: limit.rlim_cur),
      let used = field("VmSize:", in: ControlGroup.read("/proc/self/status"))
    else { return nil }
    return max(0, most - used * 1024)
  }

  /// The number after `name` in lines such as `MemAvailable:  123 kB`.
  static func field(_ name: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      let fields = line.dropFirst(name.count).split(whereSeparator: \.isWhitespace)
      return fields.first.flatMap { Int($0) }
    }
    return nil
  }

  /// What a control group leaves, where cached files make room; nil where it has no limit.
  static func rest(ofGroup folder: String, isUnified: Bool) -> Int? {
    func number(_ name: String) -> Int? {
      Int(
        ControlGroup.read("\(folder)/\(name)").trimmingCharacters(in: .whitespacesAndNewlines))
    }
    guard let limit = number(isUnified ? "memory.max" : "memory.limit_in_bytes"),
      let used = number(isUnified ? "memory.current" : "memory.usage_in_bytes")
    else { return nil }
    let cached = field(
      isUnified ? "inactive_file " : "total_inactive_file ",
      in: ControlGroup.read("\(folder)/memory.stat"))
    return max(0, limit - used + (cached ?? 0))
  }
}
