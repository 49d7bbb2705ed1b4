import Results

/// Something that happened in a sweep.
public enum RunEvent: Sendable {
  /// A remark that concerns no cell.
  case note(String)
  /// A cell's training began or goes on.
  case started(String)
  /// A cell has made a step.
  case step(String)
  /// A cell has ended an epoch.
  case epoch(String, EpochRecord)
  /// A cell's run has ended.
  case ended(String, RunOutcome)
}

/// Who is told how a sweep goes on.
public protocol RunObserver: AnyObject {
  /// Something happened; `progress` is how things stand after it.
  func handle(_ event: RunEvent, _ progress: SweepProgress)
}
