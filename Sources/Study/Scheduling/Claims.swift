import Common
import Foundation
import Results

/// Which cells this sweep trains, and which others do.
///
/// Each sweep keeps a file locked while it lives. One that is seen to have lost its lock on this
/// machine is dead. A sweep on another machine is dead when its count of beats has not moved for
/// the grace period *by our clock*: two machines' clocks, or one that jumps, are never compared.
final class Claims {
  /// Seconds between two beats.
  static let beatInterval = 15.0
  /// Seconds without a beat after which a sweep on another machine is dead; the longest step must
  /// fit.
  static let gracePeriod = 600.0

  let sweep: SweepID
  private let store: Store
  private let experiment: String
  private let folder: String
  private let lock: SweepLock
  private let host: String
  /// Whether all other sweeps are known to have ended, where they hold no lock on this machine.
  private let isAlone: Bool
  private let clock: () -> Double
  private var lastBeat: Double
  /// Sweeps of other machines: their beats, and when these were first seen.
  private var watched: [SweepID: (beats: Int, since: Double)] = [:]

  /// Makes a new sweep of an experiment known.
  init(
    store: Store, experiment: String, folder: String, host: String, processID: Int,
    isAlone: Bool = false, clock: @escaping () -> Double
  ) throws(SweepError) {
    self.store = store
    self.experiment = experiment
    self.folder = folder
    self.host = host
    self.isAlone = isAlone
    self.clock = clock
    lock = try SweepLock(in: folder)
    sweep = try store.join(experiment, token: lock.token, host: host, processID: processID)
    lastBeat = clock()
  }

  /// Claims those of `cells` that have one of `statuses` and that no living sweep has; gives their
  /// ids.
  func take(_ cells: [CellRecord], in statuses: Set<CellStatus>) throws(SweepError) -> Set<String> {
    guard cells.contains(where: { statuses.contains($0.status) }) else { return [] }
    let dead = try deadSweeps()
    guard
      cells.contains(where: { cell in
        statuses.contains(cell.status)
          && (cell.claim.map { $0 == sweep || dead.contains($0) } ?? true)
      })
    else { return [] }
    return try store.claim(cells, in: statuses, by: sweep, dead: dead)
  }

  /// Whether another sweep has a cell.
  func isTaken(_ cell: CellRecord) -> Bool { cell.claim != nil && cell.claim != sweep }

  /// Asks for some of the cells that other sweeps have.
  func want(_ cells: [CellRecord]) throws(SweepError) { try store.want(cells) }

  /// The ids of the cells of this sweep that others wait for.
  func wanted() throws(SweepError) -> Set<String> { try store.wanted(of: sweep) }

  /// Shows that this sweep lives; call it between steps.
  ///
  /// Where it is alone nobody looks.
  func beat() throws(SweepError) {
    if isAlone { return }
    let now = clock()
    guard now - lastBeat >= Self.beatInterval else { return }
    lastBeat = now
    try store.beat(sweep)
  }

  /// Ends the sweep; `reason` is why its runs were not ended.
  func leave(reason: String? = nil) throws(SweepError) {
    try store.leave(sweep, reason: reason)
  }

  private func deadSweeps() throws(SweepError) -> Set<SweepID> {
    var dead: Set<SweepID> = []
    for other in try store.sweeps(of: experiment) where other.id != sweep {
      if SweepLock.isHeld(other.token, in: folder) { continue }
      if other.host != host && !isAlone {
        let now = clock()
        let seen = watched[other.id]
        guard let seen, seen.beats == other.beats else {
          watched[other.id] = (other.beats, now)
          continue
        }
        guard now - seen.since >= Self.gracePeriod else { continue }
      }
      dead.insert(other.id)
      SweepLock.remove(other.token, in: folder)
    }
    return dead
  }
}
