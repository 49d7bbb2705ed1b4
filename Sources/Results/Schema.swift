import Common
import GRDB

/// The store's tables and migrations.
///
/// `PRAGMA application_id` distinguishes a store from other SQLite files; `PRAGMA user_version`
/// counts the applied migrations. Both are read and missing migrations applied in one transaction,
/// so two programs can open a new store at once.
struct Schema: Sendable {
  /// "SWEP" in ASCII.
  static let applicationID = 0x5357_4550

  static let current = Schema(migrations: [
    sql(PackageResources.version1_sql), sql(PackageResources.version2_sql),
    sql(PackageResources.version3_sql), sql(PackageResources.version4_sql),
    sql(PackageResources.version5_sql), version6, sql(PackageResources.version7_sql),
    sql(PackageResources.version8_sql), sql(PackageResources.version9_sql),
  ])

  typealias Migration = @Sendable (Database) throws -> Void

  /// The migrations between consecutive versions; published ones never change.
  var migrations: [Migration]

  var version: Int { migrations.count }

  enum State: Equatable {
    case empty
    case store(version: Int)
  }

  static func sql(_ text: some Collection<UInt8> & Sendable) -> Migration {
    { try $0.execute(sql: String(decoding: text, as: UTF8.self)) }
  }

  /// Throws if the file is not a store, or if a newer program wrote it.
  func state(_ db: Database, path: String) throws -> State {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let objects = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
    if application == 0 && version == 0 && objects == 0 { return .empty }
    guard application == Self.applicationID, version > 0 else {
      throw SweepError(
        .badInput, at: path, "is an SQLite file of another program, not a store",
        advice: "choose another with --store, or move this file")
    }
    guard version <= self.version else {
      throw SweepError(
        .badInput, at: path,
        "the store was written by a newer sweep (schema \(version), this one supports \(self.version))",
        advice: "install the newer sweep, or choose another store with --store")
    }
    return .store(version: version)
  }

  /// Migrates the store to this version; call it in a write transaction.
  func migrate(_ db: Database, path: String) throws {
    var applied = 0
    if case .store(let version) = try state(db, path: path) {
      applied = version
    } else {
      try db.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
    }
    guard applied < version else { return }
    for migration in migrations[applied...] { try migration(db) }
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }
}
