import Common
import GRDB

/// The store's tables and how older ones become newer ones.
///
/// `PRAGMA application_id` tells a store from other SQLite files, `PRAGMA user_version` counts the
/// migrations it has seen. Both are read and the missing migrations applied in one transaction, so
/// two programs that open a new store at once do not get in each other's way.
struct Schema: Sendable {
  /// "SWEP" in ASCII.
  static let applicationID = 0x5357_4550

  /// What this program writes.
  static let current = Schema(migrations: [
    version1, version2, version3, version4, version5, version6, version7,
  ])

  /// What leads from one version to the next.
  struct Migration: Sendable, ExpressibleByStringLiteral {
    let body: @Sendable (Database) throws -> Void

    /// A migration in code.
    init(_ body: @escaping @Sendable (Database) throws -> Void) { self.body = body }

    /// A migration in SQL.
    init(stringLiteral sql: String) { body = { try $0.execute(sql: sql) } }
  }

  /// The migrations from each version to the next; a published one is never changed.
  var migrations: [Migration]

  /// The version that this program writes.
  var version: Int { migrations.count }

  /// What a file is.
  enum State: Equatable {
    /// Nothing in it yet.
    case empty
    /// A store of this version.
    case store(version: Int)
  }

  /// What the file is; throws where it is no store or a newer program's.
  func state(_ db: Database, path: String) throws -> State {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let objects = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
    if application == 0 && version == 0 && objects == 0 { return .empty }
    guard application == Self.applicationID, version > 0 else {
      throw SweepError(
        .badInput, at: path, "is not a store: an SQLite file of another program",
        advice: "name another with --store, or move this file away")
    }
    guard version <= self.version else {
      throw SweepError(
        .badInput, at: path,
        "the store was written by a newer sweep (schema \(version), this one knows \(self.version))",
        advice: "install the newer sweep, or name another store with --store")
    }
    return .store(version: version)
  }

  /// Brings the store to this version; call it in a transaction that may write.
  func migrate(_ db: Database, path: String) throws {
    let applied: Int
    switch try state(db, path: path) {
    case .empty:
      applied = 0
      try db.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
    case .store(let version): applied = version
    }
    guard applied < version else { return }
    for migration in migrations[applied...] {
      try migration.body(db)
    }
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }
}
