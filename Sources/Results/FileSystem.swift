import Foundation

/// What the store must know of the file system it lies on.
enum FileSystem {
  /// Whether `path` lies where several machines may see it.
  ///
  /// SQLite's WAL keeps its index in shared memory, which two machines do not share; see
  /// "Write-Ahead Logging" at sqlite.org. A file system that cannot be asked is taken for local.
  static func isShared(_ path: String) -> Bool {
    var information = stat()
    guard stat(path, &information) == 0,
      let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
    else { return false }
    let device = UInt64(information.st_dev)
    // The kernel's encoding of a device number, as gnu_dev_major(3) and gnu_dev_minor(3) take it
    // apart.
    let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
    let minor = device & 0xFF | device >> 12 & 0xFFFF_FF00
    return isShared(device: "\(major):\(minor)", mounts: mounts)
  }

  /// Whether `device`, `8:1`, is a shared file system in the lines of `/proc/self/mountinfo`; see
  /// proc(5).
  static func isShared(device: String, mounts: String) -> Bool {
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 2, fields[2] == device,
        let separator = fields.firstIndex(of: "-"), separator + 1 < fields.count
      else { continue }
      let type = fields[separator + 1]
      return sharedTypes.contains(String(type)) || type.hasPrefix("fuse")
    }
    return false
  }

  /// FUSE is not among them but counts too, for sshfs and the cluster file systems that use it.
  private static let sharedTypes: Set<String> = [
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
    "ocfs2", "panfs", "pvfs2", "smb3", "smbfs", "vboxsf", "virtiofs",
  ]
}
