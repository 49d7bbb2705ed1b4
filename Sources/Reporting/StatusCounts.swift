import Common
import Results

struct StatusCounts {
  private let counts: [CellStatus: Int]
  private let total, stopped: Int

  /// `stopped` running cells are no longer trained, because their sweep is dead.
  init(_ statuses: [CellStatus], stopped: Int = 0) {
    self.stopped = stopped
    counts = Dictionary(grouping: statuses) { $0 }.mapValues(\.count)
    total = statuses.count
  }

  /// `12 cells: 9 done, 1 running, 2 pending`.
  var text: String {
    let order: [CellStatus] = [.done, .running, .interrupted, .diverged, .failed, .pending]
    let parts = order.flatMap { status in
      let (count, gone) = (counts[status, default: 0], status == .running ? stopped : 0)
      return [(count - gone, status.rawValue), (gone, "stopped")].filter { $0.0 > 0 }
    }.map { "\($0.0) \($0.1)" }
    let cells = Format.count(total, "cell")
    return parts.isEmpty ? cells : "\(cells): \(parts.joined(separator: ", "))"
  }
}
