import Foundation

package enum Processors {
  /// The processor's name as the system gives it, or its architecture.
  package static let model: String = {
    for line in read("/proc/cpuinfo").split(separator: "\n") where line.hasPrefix("model name") {
      if let name = line.split(separator: ":", maxSplits: 1).last {
        return name.trimmingCharacters(in: .whitespaces)
      }
    }
    #if arch(arm64)
      return "arm64"
    #else
      return "x86_64"
    #endif
  }()

  /// How many threads can run at once: the processors it is bound to, no more than its control
  /// group's share of time.
  package static var available: Int {
    available(bound: ProcessInfo.processInfo.activeProcessorCount, root: "")
  }

  /// The same for a process bound to `bound` processors, with `/proc` and `/sys` under `root`.
  static func available(bound: Int, root: String) -> Int {
    guard let quota = controlGroupQuota(root: root) else { return max(1, bound) }
    return max(1, min(bound, Int(quota.rounded(.up))))
  }

  /// The number of processors whose time the control group and its parents allow; nil where there
  /// is no limit.
  private static func controlGroupQuota(root: String) -> Double? {
    let groups = read("\(root)/proc/self/cgroup")
    var least: Double?
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[0] == "0" && parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("cpu") else { continue }
      var path = String(parts[2])
      while true {
        let quota =
          isUnified
          ? Self.quota(unified: read("\(root)/sys/fs/cgroup\(path)/cpu.max"))
          : Self.quota(
            quota: read("\(root)/sys/fs/cgroup/cpu\(path)/cpu.cfs_quota_us"),
            period: read("\(root)/sys/fs/cgroup/cpu\(path)/cpu.cfs_period_us"))
        if let quota { least = min(least ?? quota, quota) }
        if path == "/" || path.isEmpty { break }
        path = path.parentFolder
      }
    }
    return least
  }

  /// Version 2's `cpu.max`: `150000 100000`, or `max 100000` for no limit.
  static func quota(unified text: String) -> Double? {
    let fields = text.split(whereSeparator: \.isWhitespace)
    guard fields.count == 2 else { return nil }
    return quota(quota: String(fields[0]), period: String(fields[1]))
  }

  /// Version 1's two files; a quota of -1 is no limit.
  static func quota(quota: String, period: String) -> Double? {
    guard let quota = Double(quota.trimmingCharacters(in: .whitespacesAndNewlines)), quota > 0,
      let period = Double(period.trimmingCharacters(in: .whitespacesAndNewlines)), period > 0
    else { return nil }
    return quota / period
  }

  private static func read(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
