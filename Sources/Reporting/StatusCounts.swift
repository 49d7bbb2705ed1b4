import Results

/// How many cells stand where.
struct StatusCounts {
  private let counts: [CellStatus: Int]
  private let total: Int

  init(_ statuses: [CellStatus]) {
    counts = Dictionary(grouping: statuses) { $0 }.mapValues(\.count)
    total = statuses.count
  }

  /// `12 cells: 9 done, 1 running, 2 pending`.
  var text: String {
    let order: [CellStatus] = [.done, .running, .interrupted, .diverged, .failed, .pending]
    let parts = order.compactMap { status in counts[status].map { "\($0) \(status.rawValue)" } }
    let cells = total == 1 ? "1 cell" : "\(total) cells"
    return parts.isEmpty ? cells : "\(cells): \(parts.joined(separator: ", "))"
  }
}
