import Foundation

package enum Processors {
  /// The processor's name as the system gives it, or its architecture.
  package static let model: String = {
    for line in ControlGroups.text("/proc/cpuinfo").split(separator: "\n")
    where line.hasPrefix("model name") {
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
    let bound = ProcessInfo.processInfo.activeProcessorCount
    let share: Double? = ControlGroups.least(of: "cpu") { folder, isUnified in
      func text(_ name: String) -> String { ControlGroups.text("\(folder)/cpu.\(name)") }
      return isUnified
        ? Self.quota(unified: text("max"))
        : Self.quota(quota: text("cfs_quota_us"), period: text("cfs_period_us"))
    }
    return max(1, min(bound, share.map { Int(min($0, 1e6).rounded(.up)) } ?? bound))
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
}
