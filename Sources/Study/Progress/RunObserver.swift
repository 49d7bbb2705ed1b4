import Results

/// Something that happened in a sweep.
package enum RunEvent: Sendable {
  /// A remark about the sweep as a whole.
  case note(String)
  /// A cell's training started or continued.
  case started(String)
  /// A cell finished a training step.
  case step(String)
  /// A cell finished an epoch.
  case epoch(String, EpochRecord)
  /// A cell's run ended.
  case ended(String, RunOutcome)
}

/// Receives the events of a sweep.
package protocol RunObserver: AnyObject {
  /// Handles an event; `progress` is the state after it.
  func handle(_ event: RunEvent, _ progress: SweepProgress)
}
