import Foundation
import GRDB
import GRDBSQLite

@testable import Results

/// A store whose file lies in memory: the same reading as from a disk, without the disk.
enum StoreImage {
  /// Opens the bytes of a store for reading; throws as `Store.read` does.
  static func open(_ data: Data) throws -> Store? {
    guard let bytes = sqlite3_malloc64(UInt64(max(data.count, 1))) else { return nil }
    let image = bytes.bindMemory(to: UInt8.self, capacity: data.count)
    data.copyBytes(to: image, count: data.count)
    // There is no log beside a file in memory, so it must not say that there is one.
    for place in [18, 19] where place < data.count && image[place] == 2 { image[place] = 1 }
    // A new connection each time: one whose file is exchanged a second time remembers tables of the first.
    let queue = try DatabaseQueue()
    try queue.inDatabase { db in
      let code = sqlite3_deserialize(
        db.sqliteConnection, "main", image, Int64(data.count), Int64(data.count),
        UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY))
      guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
    let state = try queue.read { try Schema.current.state($0, path: "f") }
    guard case .store(let version) = state, version == Schema.current.version else { return nil }
    return Store(queue, path: "f")
  }
}
