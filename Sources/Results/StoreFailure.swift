import Common
import GRDB

/// SQLite's errors in the user's terms.
enum StoreFailure {
  /// One line for what went wrong with the store at `path`, whose locks `wait` waited for.
  static func explain(
    _ error: any Error, path: String, _ wait: LockWait? = nil
  ) -> SweepError {
    if let error = error as? SweepError { return error }
    guard let error = error as? DatabaseError else {
      return damaged(path, "\(error)".split(separator: "\n").first.map(String.init) ?? "")
    }
    let message = error.message ?? "error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_NOTADB:
      return SweepError(
        .badInput, at: path, "is not a store: not an SQLite file",
        advice: "name another with --store, or move this file away")
    case .SQLITE_CORRUPT:
      return damaged(path, message)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return readOnly(path)
    case .SQLITE_CANTOPEN:
      return SweepError(
        .badInput, at: path, "cannot open the store: \(message)",
        advice: "make the file readable and its folder writable, or name another with --store")
    case .SQLITE_BUSY where wait?.wasCutShort == true:
      return SweepError(
        .interrupted, "interrupted while another program held the store locked",
        advice: "the same command goes on from here")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return SweepError(
        .runFailed, at: path, "another program holds the store locked",
        advice: "end its transaction and run the command again")
    case .SQLITE_FULL:
      return SweepError(
        .runFailed, at: path, "no room to write the store: the disk is full",
        advice: "make room and run the command again")
    case .SQLITE_IOERR:
      return SweepError(
        .runFailed, at: path, "cannot read or write the store: \(message)",
        advice: "check the disk and run the command again")
    default:
      return damaged(path, message)
    }
  }

  /// The error for a store that cannot be written.
  static func readOnly(_ path: String) -> SweepError {
    SweepError(
      .badInput, at: path, "the store cannot be written: it or its folder is read-only",
      advice: "make both writable, or name another store with --store")
  }

  private static func damaged(_ path: String, _ message: String) -> SweepError {
    SweepError(
      .badInput, at: path, "the store is damaged: \(message)",
      advice: "save what can be read with `sqlite3 FILE .recover`, and move the file away")
  }
}
