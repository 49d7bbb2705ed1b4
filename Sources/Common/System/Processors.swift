import Foundation

package enum Processors {
  /// The processor's name, or its architecture.
  package static let model: String = {
    for line in ControlGroup.read("/proc/cpuinfo").split(separator: "\n")
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

  /// The number of threads that can run at once: the available processors, limited by the control
  /// group's quota.
  package static var available: Int {
    available(bound: ProcessInfo.processInfo.activeProcessorCount, root: "")
  }

  /// The same with `bound` available processors, and `/proc` and `/sys` below `root`.
  static func available(bound: Int, root: String) -> Int {
    guard let quota = controlGroupQuota(root: root) else { return max(1, bound) }
    return max(1, min(bound, Int(quota.rounded(.up))))
  }

  /// The processor quota of the control group and its parents; nil if there is no limit.
  private static func controlGroupQuota(root: String) -> Double? {
    ControlGroup.folders(of: "cpu", root: root).compactMap { folder, isUnified in
      isUnified
        ? quota(unified: ControlGroup.read("\(folder)/cpu.max"))
        : quota(
          quota: ControlGroup.read("\(folder)/cpu.cfs_quota_us"),
          period: ControlGroup.read("\(folder)/cpu.cfs_period_us"))
    }.min()
  }

  /// Version 2's `cpu.max`: `150000 100000`, or `max 100000` for no limit.
  static func quota(unified text: String) -> Double? {
    let fields = text.split(whereSeparator: \.isWhitespace)
    guard fields.count == 2 else { return nil }
    return quota(quota: String(fields[0]), period: String(fields[1]))
  }

  /// Version 1's two files; a quota of -1 means no limit.
  static func quota(quota: String, period: String) -> Double? {
    guard let quota = Double(quota.trimmingCharacters(in: .whitespacesAndNewlines)), quota > 0,
      let period = Double(period.trimmingCharacters(in: .whitespacesAndNewlines)), period > 0
    else { return nil }
    return quota / period
  }
}
