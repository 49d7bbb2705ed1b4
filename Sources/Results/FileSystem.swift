import Common
import Foundation

enum FileSystem {
  /// Whether several machines may share `path`: true unless it is known to be local.
  ///
  /// SQLite's WAL index is in shared memory, which machines do not share; see "Write-Ahead Logging"
  /// at sqlite.org.
  static func isShared(_ path: String) -> Bool {
    guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else {
      return true
    }
    return isShared(path.resolvedPath, mounts: mounts)
  }

  /// Whether the absolute `path` may be shared according to `/proc/self/mountinfo`; see proc(5).
  ///
  /// Uses the longest mount point above it, and of equal ones the last.
  static func isShared(_ path: String, mounts: String) -> Bool {
    var best: (length: Int, type: Substring)?
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 4, let separator = fields.firstIndex(of: "-"),
        separator + 1 < fields.count
      else { continue }
      var point = String(fields[4])
      for (code, character) in [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")] {
        point.replace(code, with: character)
      }
      let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
      guard isAbove, point.utf8.count >= best?.length ?? 0 else { continue }
      best = (point.utf8.count, fields[separator + 1])
    }
    return !localTypes.contains(String(best?.type ?? ""))
  }

  private static let localTypes: Set<String> = [
    "apfs", "aufs", "bcachefs", "btrfs", "ecryptfs", "erofs", "exfat", "ext2", "ext3", "ext4",
    "f2fs", "fuseblk", "hfs", "hfsplus", "iso9660", "jfs", "msdos", "nilfs2", "ntfs", "ntfs3",
    "overlay", "ramfs", "reiserfs", "rootfs", "squashfs", "tmpfs", "udf", "ufs", "vfat", "xfs",
    "zfs",
  ]
}
