import Foundation

/// This process's control groups, through which containers and schedulers set limits.
enum ControlGroup {
  /// The folders of the process's group and its parents for `controller` (`cpu`, `memory`).
  ///
  /// Version 2 (`isUnified`) has other file names. `/proc` and `/sys` are below `root`.
  static func folders(
    of controller: String, root: String = ""
  ) -> [(path: String, isUnified: Bool)] {
    var folders: [(path: String, isUnified: Bool)] = []
    for line in read("\(root)/proc/self/cgroup").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[0] == "0" && parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("\(controller)") else { continue }
      var path = String(parts[2])
      while true {
        let group = (isUnified ? "" : "/\(controller)") + path
        folders.append(("\(root)/sys/fs/cgroup\(group)", isUnified))
        if path == "/" || path.isEmpty { break }
        path = path.parentFolder
      }
    }
    return folders
  }

  /// The text of a file; empty if it cannot be read.
  static func read(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
