import Foundation

extension SweepError {
  /// The error for a system call on `path` that failed with `number`; the message is `what` and the
  /// system's reason.
  ///
  /// The number alone determines the kind. `advice` is for problems with the path; for problems
  /// with the machine, the advice depends on the number.
  package static func system(
    _ number: Int32 = errno, at path: String, _ what: String, advice: String = ""
  ) -> SweepError {
    let kind = Kind(systemError: number)
    return SweepError(
      kind, at: path, "\(what): \(String(cString: strerror(number)))",
      advice: Self.advice(for: number) ?? (kind == .badInput ? advice : ""),
      cause: .system(number))
  }

  /// What to do about a failure of the machine; nil for problems with the path.
  private static func advice(for number: Int32) -> String? {
    switch number {
    case ENOSPC, EDQUOT: "free disk space and run the command again"
    case EFBIG: "raise the limit on file sizes (ulimit -f) and run the command again"
    case EMFILE: "raise the limit on open files (ulimit -n) and run the command again"
    case ENFILE: "close other programs and run the command again"
    case ENOMEM: "free memory and run the command again"
    case EAGAIN: "raise the limit on processes (ulimit -u) or use fewer --threads"
    case EIO, ESTALE: "check the disk and run the command again"
    case ENAMETOOLONG: "use shorter names"
    default: nil
    }
  }
}

extension SweepError.Kind {
  package init(systemError number: Int32) {
    switch number {
    case ENOENT, ENOTDIR, EISDIR, EEXIST, ENOTEMPTY, ELOOP, ENAMETOOLONG, EINVAL, EACCES, EPERM,
      EROFS, ENXIO, ETXTBSY, EXDEV:
      self = .badInput
    case ENOMEM, EAGAIN: self = .resources
    case EINTR: self = .interrupted
    default: self = .fileSystem
    }
  }
}
