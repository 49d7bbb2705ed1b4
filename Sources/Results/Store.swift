import Common
import Foundation
import GRDB

/// The results of all experiments: one SQLite file.
///
/// Readers never stop a writer and two writers wait for each other: the file is in WAL mode with a
/// busy timeout. On a file system that several machines share WAL does not work, so there it is an
/// ordinary rollback journal. Every commit is synced to the disk before its call returns.
package final class Store: Sendable {
  /// Where `sweep` keeps its store unless it is told otherwise, from the working directory.
  package static let defaultPath = "results/sweep.sqlite"

  /// The path it was opened with.
  package let path: String
  /// The folder that the store lies in, behind any link to the store; paths of weights begin there.
  ///
  /// It is empty for the working directory.
  package let folder: String
  let queue: DatabaseQueue
  private let wait: LockWait

  /// Opens the store at `path` for writing; it and the folders above are made where they are
  /// missing.
  ///
  /// `isShared` tells whether other machines see the file, so that WAL is no good; the file system
  /// is asked where it is nil. `isStopped` tells whether the user wants the work to end: nobody
  /// waits any longer for a store that another program holds locked then.
  ///
  /// A store that is there as it must be is not written to, so that one that another program holds
  /// locked opens at once. Throws where the file is no store, was written by a newer version, is
  /// damaged or cannot be written.
  package static func open(
    _ path: String = defaultPath, isShared: Bool? = nil,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(SweepError) -> Store {
    try Store(
      writing: path, schema: .current, wait: LockWait(isStopped: isStopped), isShared: isShared)
  }

  /// Opens the store at `path` for writing; nil where there is no file yet but one can be made.
  ///
  /// Throws as `open` does.
  package static func openExisting(
    _ path: String, isShared: Bool? = nil,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(SweepError) -> Store? {
    let file = absolute(path)
    if access(file, F_OK) == 0 {
      return try open(path, isShared: isShared, isStopped: isStopped)
    }
    var folder = file.parentFolder
    while access(folder, F_OK) != 0, folder.count > 1 {
      folder = folder.parentFolder
    }
    guard access(folder, W_OK) == 0 else {
      throw .system(
        at: folder, "cannot create the store here",
        advice: "make the folder writable, or name another with --store")
    }
    return nil
  }

  /// Opens the store at `path`, which must exist, for writing; throws as `open` does.
  package static func edit(_ path: String) throws(SweepError) -> Store {
    guard let store = try openExisting(path) else { throw missing(path) }
    return store
  }

  /// Opens the store at `path` for reading; nothing is changed.
  ///
  /// A store of an older version is read as it is at this moment, from a copy in memory that is
  /// brought up to date. Throws as `open` does, and where there is no store.
  package static func read(_ path: String = defaultPath) throws(SweepError) -> Store {
    try Store(reading: path, schema: .current)
  }

  init(
    writing path: String, schema: Schema, wait: LockWait = LockWait(), isShared: Bool? = nil
  ) throws(SweepError) {
    try Self.refuseFolder(path)
    let file = Self.absolute(path)
    let folder = file.parentFolder
    try Folder.create(folder)
    self.path = path
    self.folder = Self.folder(of: path)
    self.wait = wait
    // Known now, not when the first figure is to be written.
    guard access(file, F_OK) != 0 || access(file, W_OK) == 0 else {
      throw StoreFailure.readOnly(path)
    }
    let journal = isShared ?? FileSystem.isShared(folder) ? "delete" : "wal"
    do {
      var configuration = Configuration()
      configuration.busyMode = .callback { wait.goesOn(tries: $0) }
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      queue = try DatabaseQueue(path: file, configuration: configuration)
      // Before anything is written: a file that is not ours stays as it is.
      let (state, current) = try queue.read { db in
        (
          try schema.state(db, path: path),
          try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
        )
      }
      // The rest takes the lock that only one program can have.
      if current != journal {
        try queue.writeWithoutTransaction { try Self.setJournal($0, to: journal) }
      }
      if state != .store(version: schema.version) {
        try queue.write { try schema.migrate($0, path: path) }
      }
    } catch {
      throw StoreFailure.explain(error, path: path, wait)
    }
  }

  convenience init(reading path: String, schema: Schema) throws(SweepError) {
    try Self.refuseFolder(path)
    let file = Self.absolute(path)
    guard access(file, F_OK) == 0 else { throw Self.missing(path) }
    do {
      var (queue, state) = try Self.openForReading(file, schema: schema, path: path)
      if state == .empty { throw Self.missing(path) }
      if state != .store(version: schema.version) {
        // Its program still has to understand the file, which may be on a read-only medium too.
        let copy = try DatabaseQueue()
        try queue.backup(to: copy)
        try copy.write { try schema.migrate($0, path: path) }
        queue = copy
      }
      self.init(queue, path: path)
    } catch {
      throw StoreFailure.explain(error, path: path)
    }
  }

  init(_ queue: DatabaseQueue, path: String) {
    self.queue = queue
    self.path = path
    folder = Self.folder(of: path)
    wait = LockWait()
  }

  /// Runs `body` in a transaction that may write: all of it is stored, or nothing.
  func write<T>(_ body: (Database) throws -> T) throws(SweepError) -> T {
    do { return try queue.write(body) } catch { throw explain(error) }
  }

  /// Runs `body` on one unchanging state of the store.
  func fetch<T>(_ body: (Database) throws -> T) throws(SweepError) -> T {
    do { return try queue.read(body) } catch { throw explain(error) }
  }

  func explain(_ error: any Error) -> SweepError {
    StoreFailure.explain(error, path: path, wait)
  }

  /// UTC in SQL, `2026-01-31T12:00:00.000Z`.
  static let now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"

  private static func openForReading(
    _ file: String, schema: Schema, path: String
  ) throws -> (DatabaseQueue, Schema.State) {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.readonly = true
    do {
      let queue = try DatabaseQueue(path: file, configuration: configuration)
      return (queue, try queue.read { try schema.state($0, path: path) })
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
      // A store in WAL mode on a read-only medium: nobody writes, so it may be read without locks,
      // unless a writer left something in the log.
      var log = stat()
      guard stat(file + "-wal", &log) != 0 || log.st_size == 0,
        let name = file.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
      else { throw error }
      let queue = try DatabaseQueue(
        path: "file:\(name)?immutable=1", configuration: configuration)
      return (queue, try queue.read { try schema.state($0, path: path) })
    }
  }

  private static func setJournal(_ db: Database, to mode: String) throws {
    do {
      _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(mode)")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      // Somebody else has just opened the store and sets the same.
    }
  }

  private static func missing(_ path: String) -> SweepError {
    SweepError(
      .badInput, at: path, "there is no store here",
      advice: "`sweep run EXPERIMENT.json` makes one, --store PATH names another")
  }

  private static func refuseFolder(_ path: String) throws(SweepError) {
    var information = stat()
    if path.isEmpty || stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR {
      throw SweepError(
        .badInput, at: path.isEmpty ? "--store" : path, "is a folder, not a store",
        advice: "name a file in it, such as sweep.sqlite")
    }
  }

  /// The folder of the file at `path`; of the file that it links to where it is a link.
  private static func folder(of path: String) -> String {
    var information = stat()
    guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFLNK,
      let target = realpath(path, nil)
    else { return path.parentFolder }
    defer { free(target) }
    return String(cString: target).parentFolder
  }

  /// An absolute path, which SQLite takes for a file whatever its name is.
  private static func absolute(_ path: String) -> String {
    path.isAbsolutePath ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
