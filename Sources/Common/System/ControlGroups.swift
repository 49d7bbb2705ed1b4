import Foundation

/// The control groups that this process is in, whose limits hold beside the machine's; cgroups(7).
enum ControlGroups {
  /// The folders of the groups that may limit `controller`, from this process's own to the root's.
  ///
  /// `groups` is the text of `/proc/self/cgroup`. A container may see its own group as the root, so
  /// a folder may be missing.
  static func folders(of controller: String, in groups: String) -> [(path: String, isUnified: Bool)]
  {
    groups.split(separator: "\n").flatMap { line in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [(path: String, isUnified: Bool)]() }
      let isUnified = parts[0] == "0" && parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains(controller[...]) else { return [] }
      let root = "/sys/fs/cgroup" + (isUnified ? "" : "/\(controller)")
      let names = parts[2].split(separator: "/")
      return (0...names.count).reversed().map { count in
        (([root] + names.prefix(count).map(String.init)).joined(separator: "/"), isUnified)
      }
    }
  }

  /// The smallest limit that `read` finds in the folder of a group; nil where there is none.
  static func least<Limit: Comparable>(
    of controller: String, _ read: (_ folder: String, _ isUnified: Bool) -> Limit?
  ) -> Limit? {
    folders(of: controller, in: text("/proc/self/cgroup")).compactMap {
      read($0.path, $0.isUnified)
    }.min()
  }

  /// A file of the system, empty where there is none.
  static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
