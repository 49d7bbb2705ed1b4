/// A sweep in the store: what `Store.join` gives and the other calls about it take.
public struct SweepID: Sendable, Hashable {
  let row: Int64
}

/// A process that is at work on an experiment, or whose end was not seen.
public struct SweepRecord: Sendable, Equatable {
  /// Which sweep it is.
  public let id: SweepID
  /// The name of the file that it keeps locked while it lives.
  public let token: String
  /// The machine it runs on.
  public let host: String
  /// Its process there.
  public let processID: Int
  /// A number that grows while it is at work.
  public let beats: Int
  /// How long ago it was last seen at work, in seconds: its machine's clock against this one's, so
  /// good only to tell people.
  public let secondsSinceBeat: Double
}
