import Common
import Foundation
import GRDB

enum StoreFailure {
  /// The error for a failure of the store at `path`, after waiting with `wait` for its locks.
  static func explain(
    _ error: any Error, path: String, _ wait: LockWait? = nil
  ) -> SweepError {
    if let error = error as? SweepError { return error }
    guard let error = error as? DatabaseError else {
      return damaged(path, "\(error)".split(separator: "\n").first.map(String.init) ?? "")
    }
    let message = error.message ?? "error \(error.extendedResultCode.rawValue)"
    func failure(
      _ kind: SweepError.Kind, at path: String = path, _ what: String, advice: String
    ) -> SweepError {
      SweepError(
        kind, at: path, what, advice: advice, cause: .sqlite(error.extendedResultCode.rawValue))
    }
    switch error.resultCode {
    case .SQLITE_NOTADB:
      return failure(
        .badInput, "is not an SQLite file",
        advice: "choose another with --store, or move this file")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return readOnly(path)
    case .SQLITE_CANTOPEN:
      // SQLite does not report the system's error; opening the file again gets it.
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      let number = errno
      guard descriptor >= 0 else { return .system(number, at: path, "cannot open the store") }
      close(descriptor)
      return failure(
        .badInput, "cannot open the store: \(message)",
        advice: "make the file readable and its folder writable, or choose another with --store")
    case .SQLITE_BUSY where wait?.wasCutShort == true:
      return failure(
        .interrupted, at: "", "interrupted while another program held the store locked",
        advice: "run the same command to continue")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return failure(
        .store, "another program holds the store locked",
        advice: "end its transaction and run the command again")
    case .SQLITE_FULL:
      return failure(
        .fileSystem, "cannot write the store: the disk is full",
        advice: "free disk space and run the command again")
    case .SQLITE_IOERR:
      return failure(
        .fileSystem, "cannot read or write the store: \(message)",
        advice: "check the disk and run the command again")
    case .SQLITE_NOMEM:
      return failure(
        .resources, "cannot use the store: no memory", advice: "free memory and run it again")
    default:
      return damaged(path, message, .sqlite(error.extendedResultCode.rawValue))
    }
  }

  static func readOnly(_ path: String) -> SweepError {
    SweepError(
      .badInput, at: path, "the store cannot be written: it or its folder is read-only",
      advice: "make both writable, or choose another with --store")
  }

  private static func damaged(
    _ path: String, _ message: String, _ cause: SweepError.Cause? = nil
  ) -> SweepError {
    SweepError(
      .badInput, at: path, "the store is damaged: \(message)",
      advice: "recover data with `sqlite3 FILE .recover`, then move the file",
      cause: cause)
  }
}
