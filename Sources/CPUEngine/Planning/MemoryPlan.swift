/// The offsets of buffers in a workspace: buffers with overlapping lifetimes do not overlap in
/// memory.
struct MemoryPlan {
  typealias Buffer = Int

  private struct Entry {
    var count: Int
    var first = Int.max
    var last = Int.min
    var offset = 0
  }

  private var entries: [Entry] = []
  /// The total floats, after `place`.
  private(set) var count = 0

  mutating func buffer(count: Int) -> Buffer {
    entries.append(Entry(count: (count + 15) / 16 * 16))
    return entries.count - 1
  }

  /// Extends the lifetime of `buffer` to `time`.
  mutating func use(_ buffer: Buffer, at time: Int) {
    entries[buffer].first = min(entries[buffer].first, time)
    entries[buffer].last = max(entries[buffer].last, time)
  }

  /// Places the largest buffers first, each at the lowest offset that is free during its lifetime.
  mutating func place() {
    var placed: [Int] = []
    let order = entries.indices.sorted {
      (entries[$0].count, $1) > (entries[$1].count, $0)
    }
    for index in order {
      let entry = entries[index]
      let neighbors =
        placed
        .filter { entries[$0].first <= entry.last && entry.first <= entries[$0].last }
        .sorted { entries[$0].offset < entries[$1].offset }
      var offset = 0
      for other in neighbors {
        if offset + entry.count <= entries[other].offset { break }
        offset = max(offset, entries[other].offset + entries[other].count)
      }
      entries[index].offset = offset
      count = max(count, offset + entry.count)
      placed.append(index)
    }
  }

  func offset(_ buffer: Buffer) -> Int { entries[buffer].offset }

  /// The floats and lifetime of each buffer.
  var placements: [(floats: Range<Int>, times: ClosedRange<Int>)] {
    entries.map { ($0.offset..<$0.offset + $0.count, $0.first...$0.last) }
  }
}
