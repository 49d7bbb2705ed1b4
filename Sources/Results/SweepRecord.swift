/// A sweep in the store, as returned by `Store.join`.
package struct SweepID: Sendable, Hashable {
  let row: Int64
}

/// A process that works on an experiment, or whose end was not recorded.
package struct SweepRecord: Sendable, Equatable {
  package let id: SweepID
  /// The name of its lock file.
  package let token: String
  package let host: String
  package let processID: Int
  /// The heartbeat counter.
  package let beats: Int
  /// Seconds since the last heartbeat; it compares two machines' clocks, so use it only for
  /// display.
  package let secondsSinceBeat: Double
}
