import Common
import Foundation
import Results

/// The cells that this sweep trains, and those of other sweeps.
///
/// Every sweep holds a file lock while it runs. On this machine, a sweep without its lock is dead.
/// A sweep on another machine is dead if its heartbeat counter has not changed for the grace period
/// *by our clock*: the clocks of two machines are never compared.
final class CellLeases {
  static let beatInterval = 15.0
  /// Seconds without a heartbeat after which a sweep on another machine counts as dead; longer than
  /// any training step.
  static let gracePeriod = 600.0

  let sweep: SweepID
  private let store: Store
  private let experiment: String
  private let folder: String
  private let lock: SweepLock
  private let host: String
  /// Whether all other sweeps without a lock on this machine are known to have ended.
  private let isAlone: Bool
  private let clock: () -> Double
  private var lastBeat: Double
  private var lastLook: Double?
  private var stoppedCells: Set<String> = []
  /// The heartbeats of sweeps on other machines, and when each value was first seen.
  private var watched: [SweepID: (beats: Int, since: Double)] = [:]

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

  /// Claims the `cells` that have one of `statuses` and that no living sweep has; returns their
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

  /// The ids of the cells that the user has stopped, read within the last second.
  func stopped() throws(SweepError) -> Set<String> {
    let now = clock()
    if lastLook.map({ now - $0 >= 1 }) ?? true {
      lastLook = now
      stoppedCells = try store.stopped(of: experiment)
    }
    return stoppedCells
  }

  func isTaken(_ cell: CellRecord) -> Bool { cell.claim != nil && cell.claim != sweep }

  /// Sends a heartbeat if one is due; call it between steps.
  func beat() throws(SweepError) {
    // A sweep that is alone needs no heartbeat.
    if isAlone { return }
    let now = clock()
    guard now - lastBeat >= Self.beatInterval else { return }
    lastBeat = now
    try store.beat(sweep)
  }

  /// Ends the sweep; `reason` is recorded for its unfinished runs.
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

/// The lock of a running sweep, which lets others detect at once whether it is alive.
struct SweepLock {
  let token: String
  private let lock: FileLock

  init(in folder: String) throws(SweepError) {
    token = UUID().uuidString
    try Folder.create("\(folder)/sweeps")
    let path = Self.path(token, in: folder)
    guard let lock = try FileLock(path, removesFile: true) else {
      throw .system(EWOULDBLOCK, at: path, "cannot lock the file")
    }
    self.lock = lock
  }

  /// Whether a process on this machine holds the lock.
  static func isHeld(_ token: String, in folder: String) -> Bool {
    FileLock.isHeld(path(token, in: folder))
  }

  /// Removes the lock file of a killed sweep.
  static func remove(_ token: String, in folder: String) { unlink(path(token, in: folder)) }

  /// A token that is not a UUID must not name a file.
  private static func path(_ token: String, in folder: String) -> String {
    "\(folder)/sweeps/\(UUID(uuidString: token)?.uuidString ?? "none").lock"
  }
}
