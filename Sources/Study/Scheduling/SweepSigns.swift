import Common
import Foundation
import Results

/// Read-only evidence of whether an experiment's sweeps are alive.
///
/// A sweep holds a file lock and sends a heartbeat to the store every few seconds. Its process id
/// proves nothing: it may belong to another machine or a later process.
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

  /// The reason why a running cell's sweep seems dead, in one clause; nil if it is alive.
  package func objection(to cell: CellRecord) -> String? {
    guard let sweep = sweeps.first(where: { $0.id == cell.claim }) else {
      return "its sweep has ended"
    }
    return objection(to: sweep)
  }

  private func objection(to sweep: SweepRecord) -> String? {
    if SweepLock.isHeld(sweep.token, in: folder) { return nil }
    if sweep.host == host { return "its process is gone" }
    // Another machine's lock may be invisible here.
    return sweep.secondsSinceBeat < gracePeriod
      ? nil : "no sign of life from \(sweep.host) for \(Format.duration(sweep.secondsSinceBeat))"
  }
}
