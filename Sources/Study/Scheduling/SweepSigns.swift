import Common
import Foundation
import Results

/// The signs of life of an experiment's sweeps, as they are seen from here: nothing is changed.
///
/// A sweep keeps a file locked and shows in the store every few seconds that it is at work. Its
/// process id says nothing: it may be another machine's, or another process's by now.
package struct SweepSigns {
  private let sweeps: [SweepRecord]
  private let folder: String
  private let host: String
  private let gracePeriod: Double

  package init(
    of experiment: String, in store: Store, host: String = ProcessInfo.processInfo.hostName
  ) throws(SweepError) {
    try self.init(of: experiment, in: store, host: host, gracePeriod: CellLeases.gracePeriod)
  }

  init(
    of experiment: String, in store: Store, host: String, gracePeriod: Double
  ) throws(SweepError) {
    sweeps = try store.sweeps(of: experiment)
    folder = try ResultFolder(of: experiment, in: store).path
    self.host = host
    self.gracePeriod = gracePeriod
  }

  /// What speaks against a running cell's sweep being at work, in one clause; nil where it is.
  package func objection(to cell: CellRecord) -> String? {
    guard let sweep = sweeps.first(where: { $0.id == cell.claim }) else {
      return "its sweep has ended"
    }
    return objection(to: sweep)
  }

  private func objection(to sweep: SweepRecord) -> String? {
    if SweepLock.isHeld(sweep.token, in: folder) { return nil }
    if sweep.host == host { return "its process is gone" }
    // A lock of another machine may not be seen here.
    return sweep.secondsSinceBeat < gracePeriod
      ? nil : "no sign of life from \(sweep.host) for \(Format.duration(sweep.secondsSinceBeat))"
  }
}
