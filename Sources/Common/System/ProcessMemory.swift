import Foundation

package enum ProcessMemory {
  /// The peak resident memory of this process in bytes.
  package static var peak: Int {
    field("VmHWM:", in: ControlGroup.read("/proc/self/status")).map { $0 * 1024 } ?? 0
  }

  /// The resident memory of this process in bytes.
  package static var resident: Int {
    field("VmRSS:", in: ControlGroup.read("/proc/self/status")).map { $0 * 1024 } ?? 0
  }

  /// The bytes that this process can still allocate, limited by the system, its control groups and
  /// its address space (`ulimit -v`); nil if unknown.
  package static var available: Int? {
    let system = field("MemAvailable:", in: ControlGroup.read("/proc/meminfo")).map { $0 * 1024 }
    let groups = ControlGroup.folders(of: "memory").compactMap { rest(ofGroup: $0, isUnified: $1) }
    return (groups + [system, addressSpace].compactMap(\.self)).min()
  }

  /// The bytes left under the address-space limit; nil if there is none.
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

  /// The bytes left in a control group, counting cached files as free; nil if it has no limit.
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
