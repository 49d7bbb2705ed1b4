import Common
import FlyingFox
import FlyingSocks
import Results

/// Server-sent events: one per change of the store, and regular comments that keep the connection
/// open.
///
/// The HTML standard defines the format in "Server-sent events". SQLite does not notify other
/// processes of changes, so the store is polled.
struct StoreChanges: AsyncBufferedSequence {
  typealias Element = UInt8

  /// The time between two polls.
  static let interval = Duration.seconds(1)
  private static let pollsBeforeComment = 15

  let store: Store

  func makeAsyncIterator() -> Iterator { Iterator(store: store) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    let store: Store
    private var version: Int?
    private var pending: [UInt8] = []

    init(store: Store) { self.store = store }

    mutating func next() async throws -> UInt8? {
      if pending.isEmpty { pending = try await event().reversed() }
      return pending.popLast()
    }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard pending.isEmpty else {
        defer { pending = [] }
        return pending.reversed()
      }
      return try await event()
    }

    private mutating func event() async throws -> [UInt8] {
      guard var last = version else {
        version = try store.dataVersion()
        return Array("retry: 2000\n\n".utf8)
      }
      for _ in 0..<StoreChanges.pollsBeforeComment {
        try await Task.sleep(for: StoreChanges.interval)
        let now = try store.dataVersion()
        guard now != last else { continue }
        last = now
        version = now
        return Array("event: change\ndata: \(now)\n\n".utf8)
      }
      return Array(": still here\n\n".utf8)
    }
  }
}
