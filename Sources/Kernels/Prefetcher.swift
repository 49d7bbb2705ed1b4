import CProcessor

/// Fetches what a kernel reads next into the L2 cache, a few lines at a time while it computes.
///
/// A kernel loads a block in a burst, and then computes without touching memory. Fetching the next
/// block during the computation makes the two overlap. It has no effect on results, and the
/// addresses may lie outside the maps.
struct Prefetcher {
  private typealias Lines = (next: UnsafePointer<Float>, end: UnsafePointer<Float>)

  private var first: Lines
  private var second: Lines
  private var third: Lines
  private let linesPerCall: Int

  /// Fetches `count` floats at `a` and `others` floats at each of `b` and `c` in `calls` calls.
  @inline(__always)
  init(
    _ a: UnsafePointer<Float>, count: Int, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    others: Int, calls: Int
  ) {
    first = (a, a + count)
    second = (b, b + others)
    third = (c, c + others)
    linesPerCall = (count + 2 * others) / (16 * max(1, calls)) + 1
  }

  @inline(__always)
  mutating func fetch() {
    for _ in 0..<linesPerCall {
      if first.next >= first.end {
        (first, second, third) = (second, third, (third.end, third.end))
        if first.next >= first.end { return }
      }
      prefetch_line(first.next)
      first.next += 16
    }
  }
}
