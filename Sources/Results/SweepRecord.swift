/// A sweep in the store: what `Store.join` gives and the other calls about it take.
package struct SweepID: Sendable, Hashable {
  let row: Int64
}

/// A process that is at work on an experiment, or whose end was not seen.
package struct SweepRecord: Sendable, Equatable {
  package let id: SweepID
  /// The name of the file that it keeps locked while it lives.
  package let token: String
  package let host: String
  package let processID: Int
  /// A number that grows while it is at work.
  package let beats: Int
  /// How long ago it was last seen at work, in seconds: its machine's clock against this one's, so
  /// good only to tell people.
  package let secondsSinceBeat: Double
}
