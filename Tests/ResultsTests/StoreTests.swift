import Common
import Foundation
import GRDB
import Testing

@testable import Results

/// The two ways to open a store.
private enum Access: CaseIterable {
  case writing, reading

  func open(_ path: String) throws {
    switch self {
    case .writing: _ = try Store.open(path)
    case .reading: _ = try Store.read(path)
    }
  }
}

@Suite struct StoreTests {
  @Test func opensWhatItMadeAndMakesTheFoldersAbove() throws {
    let scratch = try Scratch()
    let path = scratch.folder + "/a/b/sweep.sqlite"
    try Store.open(path).register(.sample([.sample("x")]))
    #expect(try Store.open(path).cells(of: "animals10").count == 1)
    #expect(try Store.read(path).cells(of: "animals10").count == 1)
  }

  @Test func isInWALModeOnALocalDiskAndSyncsEveryCommit() throws {
    let scratch = try Scratch()
    let store = try Store.open(scratch.store)
    let modes = try store.fetch { db in
      try ["journal_mode", "synchronous", "foreign_keys"].map {
        try String.fetchOne(db, sql: "PRAGMA \($0)")
      }
    }
    #expect(modes == ["wal", "2", "1"])
  }

  @Test func readingNamesTheCommandThatMakesAMissingStore() throws {
    let scratch = try Scratch()
    let error = failure { _ = try Store.read(scratch.store) }
    #expect(error?.kind == .badInput)
    #expect(
      error?.description
        == "\(scratch.store): there is no store here; create one with "
        + "`sweep run EXPERIMENT.json`, or choose another with --store PATH")
    #expect(!FileManager.default.fileExists(atPath: scratch.store))
  }

  @Test func anEmptyFileBecomesAStoreButIsNoneToRead() throws {
    let scratch = try Scratch()
    let path = try scratch.write("", to: "sweep.sqlite")
    #expect(failure { _ = try Store.read(path) }?.message == "there is no store here")
    _ = try Store.open(path)
    #expect(try Store.read(path).experiments().isEmpty)
  }

  @Test func aFileThatIsNoStoreIsRefusedAndKept() throws {
    let scratch = try Scratch()
    let text = String(repeating: "not a database\n", count: 100)
    let path = try scratch.write(text, to: "notes.txt")
    for access in Access.allCases {
      let error = failure { try access.open(path) }
      #expect(error?.kind == .badInput)
      #expect(error?.message == "is not an SQLite file")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func anotherProgramsDatabaseIsRefusedAndKept() throws {
    let scratch = try Scratch()
    let other = scratch.folder + "/other.sqlite"
    try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t (a)") }
    let before = try Data(contentsOf: URL(fileURLWithPath: other))
    for access in Access.allCases {
      let error = failure { try access.open(other) }
      #expect(error?.kind == .badInput)
      #expect(error?.message == "is an SQLite file of another program, not a store")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: other)) == before)
  }

  @Test func aFolderIsRefused() throws {
    let scratch = try Scratch()
    for access in Access.allCases {
      #expect(failure { try access.open(scratch.folder) }?.message == "is a folder, not a store")
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let scratch = try Scratch()
    let file = try scratch.write("", to: "file")
    let error = failure { _ = try Store.open(file + "/sub/sweep.sqlite") }
    #expect(error?.kind == .badInput)
    #expect(error?.location == file + "/sub")
    #expect(error?.message == "cannot create the folder: Not a directory")
  }

  @Test func aReadOnlyFolderIsNamed() throws {
    // /proc refuses new files even to root.
    let error = failure { _ = try Store.open("/proc/self/sweep.sqlite") }
    #expect(error?.kind == .badInput)
    #expect(error?.location == "/proc/self/sweep.sqlite")
    #expect(error?.description.contains("cannot open the store") == true)
  }

  @Test func aDamagedStoreIsOneLine() throws {
    let scratch = try Scratch()
    do {
      let store = try Store.open(scratch.store)
      try store.register(.sample((0..<200).map { .sample("c\($0)") }))
      try store.write { _ in }
      try store.queue.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA journal_mode = DELETE")
      }
      try store.queue.close()
    }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.store))
    for index in stride(from: 4096, to: bytes.count, by: 3) { bytes[index] = 0xA5 }
    try bytes.write(to: URL(fileURLWithPath: scratch.store))
    let error = failure { _ = try Store.read(scratch.store).results(of: "animals10") }
    #expect(error?.kind == .badInput)
    #expect(error?.message.hasPrefix("the store is damaged: ") == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func aTruncatedStoreIsOneLine() throws {
    let scratch = try Scratch()
    try Store.open(scratch.store).register(.sample((0..<200).map { .sample("c\($0)") }))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.store))
    try bytes.prefix(bytes.count / 2 + 100).write(to: URL(fileURLWithPath: scratch.store))
    let error = failure { _ = try Store.open(scratch.store).results(of: "animals10") }
    #expect(error?.kind == .badInput)
    #expect(error?.message.hasPrefix("the store is damaged: ") == true)
  }

  @Test func aNewerProgramsStoreIsRefusedAndNotTouched() throws {
    let scratch = try Scratch()
    let newer = Schema(
      migrations: Schema.current.migrations + [
        Schema.sql("CREATE TABLE more (a TEXT) STRICT".utf8)
      ])
    _ = try Store(writing: scratch.store, schema: newer)
    for access in Access.allCases {
      let error = failure { try access.open(scratch.store) }
      #expect(error?.kind == .badInput)
      #expect(
        error?.message
          == "the store was written by a newer sweep "
          + "(schema \(newer.version), this one supports \(Schema.current.version))")
    }
  }

  @Test func anOlderProgramsStoreIsMigratedWithItsFigures() throws {
    let newer = Schema(
      migrations: Schema.current.migrations + [
        Schema.sql("ALTER TABLE epochs ADD COLUMN note TEXT".utf8)
      ])
    for reading in [true, false] {
      let scratch = try Scratch()
      let old = try Store.open(scratch.store)
      try old.register(.sample([.sample("x")]))
      try old.train("x", epochs: 1...3)
      let store =
        try reading
        ? Store(reading: scratch.store, schema: newer)
        : Store(writing: scratch.store, schema: newer)
      #expect(try store.results(of: "animals10") == old.results(of: "animals10"))
      #expect(try store.fetch { try Int.fetchOne($0, sql: "PRAGMA user_version") } == newer.version)
      #expect(try store.fetch { try Int.fetchOne($0, sql: "SELECT count(note) FROM epochs") } == 0)
    }
  }

  @Test func aFailedMigrationLeavesTheOldStore() throws {
    let scratch = try Scratch()
    try Store.open(scratch.store).register(.sample([.sample("x")]))
    let broken = Schema(
      migrations: Schema.current.migrations + [
        Schema.sql("DROP TABLE epochs; CREATE TABLE cells (a TEXT) STRICT".utf8)
      ])
    #expect(failure { _ = try Store(writing: scratch.store, schema: broken) } != nil)
    #expect(try Store.read(scratch.store).results(of: "animals10").count == 1)
  }

  @Test func manyThatOpenANewStoreAtOnceAllSucceed() async throws {
    let scratch = try Scratch()
    let path = scratch.store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        group.addTask {
          let store = try Store.open(path)
          try store.register(.sample([.sample("x"), .sample("y")], name: "e\(index % 2)"))
        }
      }
      try await group.waitForAll()
    }
    let store = try Store.read(path)
    #expect(try Set(store.experiments().map(\.name)) == ["e0", "e1"])
    #expect(try store.cells(of: "e0").count == 2)
  }

  @Test func aReaderWithAnOpenTransactionDoesNotStopAWriter() throws {
    let scratch = try Scratch()
    let store = try Store(writing: scratch.store, schema: .current, wait: LockWait(seconds: 0.1))
    try store.register(.sample([.sample("x")]))
    let reader = try Store.read(scratch.store)
    try reader.queue.read { db in
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM epochs") == 0)
      try store.train("x", epochs: 1...3)
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM epochs") == 0)
    }
    #expect(try reader.history(of: "animals10").count == 3)
  }

  @Test func aLockedStoreSaysSoAfterTheWait() throws {
    let scratch = try Scratch()
    let store = try Store(writing: scratch.store, schema: .current, wait: LockWait(seconds: 0.05))
    let other = try DatabaseQueue(path: scratch.store)
    try other.inTransaction(.immediate) { _ in
      let error = failure { try store.register(.sample([])) }
      #expect(error?.kind == .store && error?.cause == .sqlite(5))
      #expect(error?.message == "another program holds the store locked")
      return .rollback
    }
  }

  @Test(
    "Only file systems that are known to be local have a WAL",
    arguments: [
      ("/data/x", false), ("/home/me", true), ("/home", true), ("/homestead", false),
      ("/remote", true), ("/scratch/a", true), ("/my disk/a", false), ("/new/a", true),
      ("/home/local/a", false), ("/over/a", true),
    ])
  func knowsLocalFileSystems(path: String, shared: Bool) {
    let mounts = """
      22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      36 22 0:50 / /home rw,relatime shared:2 master:1 - nfs4 server:/home rw,vers=4.2
      37 22 0:51 / /remote rw - fuse.sshfs host: rw
      38 22 0:52 / /scratch rw shared:3 - lustre 10.0.0.1@tcp:/x rw
      39 22 0:53 /@sub /my\\040disk rw - btrfs /dev/sdb rw
      40 22 0:54 / /new rw - weka x rw
      41 36 8:2 / /home/local rw - xfs /dev/sdc rw
      42 22 8:3 / /over rw - ext4 /dev/sdd rw
      43 42 0:55 / /over rw - beegfs x rw
      """
    #expect(FileSystem.isShared(path, mounts: mounts) == shared)
  }
}
