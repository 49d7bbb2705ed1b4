/// Where buffers lie in a workspace, so that those whose times of use overlap do not overlap in
/// memory.
struct MemoryPlan {
  /// A buffer's number.
  typealias Buffer = Int

  private struct Entry {
    var count: Int
    var first = Int.max
    var last = Int.min
    var offset = 0
  }

  private var entries: [Entry] = []
  /// Floats in all, once `place` has run.
  private(set) var count = 0

  /// A new buffer of `count` floats.
  mutating func buffer(count: Int) -> Buffer {
    entries.append(Entry(count: (count + 15) / 16 * 16))
    return entries.count - 1
  }

  /// Says that `buffer` holds something at `time`.
  mutating func use(_ buffer: Buffer, at time: Int) {
    entries[buffer].first = min(entries[buffer].first, time)
    entries[buffer].last = max(entries[buffer].last, time)
  }

  /// Gives every buffer its place: the largest first, each at the lowest offset that is free while
  /// it is used.
  mutating func place() {
    var placed: [Int] = []
    let order = entries.indices.sorted {
      (entries[$0].count, $1) > (entries[$1].count, $0)
    }
    for index in order {
      let entry = entries[index]
      let neighbours =
        placed
        .filter { entries[$0].first <= entry.last && entry.first <= entries[$0].last }
        .sorted { entries[$0].offset < entries[$1].offset }
      var offset = 0
      for other in neighbours {
        if offset + entry.count <= entries[other].offset { break }
        offset = max(offset, entries[other].offset + entries[other].count)
      }
      entries[index].offset = offset
      count = max(count, offset + entry.count)
      placed.append(index)
    }
  }

  /// The place of a buffer, in floats.
  func offset(_ buffer: Buffer) -> Int { entries[buffer].offset }
}
