import CProcessor

/// Fetches what a kernel reads next into the L2 cache, a few lines at a time while it computes.
///
/// A kernel loads a block in a burst, and then computes without touching memory. Fetching the next
/// block during the computation makes the two overlap. It has no effect on results, and the
/// addresses may lie outside the maps.
struct Prefetcher {
  /// Floats that are contiguous in memory.
  struct Run {
    fileprivate var next: UnsafePointer<Float>
    fileprivate let end: UnsafePointer<Float>

    @inline(__always)
    init(_ start: UnsafePointer<Float>, count: Int) { (next, end) = (start, start + count) }
  }

  private var first: Run?
  private var second: Run?
  private var third: Run?
  private let linesPerCall: Int

  /// Fetches up to three runs, one after the other, in `calls` calls.
  @inline(__always)
  init(_ first: Run? = nil, _ second: Run? = nil, _ third: Run? = nil, calls: Int = 1) {
    (self.first, self.second, self.third) = (first, second, third)
    func count(_ run: Run?) -> Int { run.map { $0.end - $0.next } ?? 0 }
    let floats = count(first) + count(second) + count(third)
    linesPerCall = floats / (16 * max(1, calls)) + 1
  }

  @inline(__always)
  mutating func fetch() {
    for _ in 0..<linesPerCall {
      guard var run = first else { return }
      if run.next < run.end {
        prefetch_line(run.next)
        run.next += 16
        first = run
      } else {
        (first, second, third) = (second, third, nil)
      }
    }
  }
}
