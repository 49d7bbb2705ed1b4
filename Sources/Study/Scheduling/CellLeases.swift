import Common
import Foundation
import Results

/// Which cells this sweep trains, and which ones other sweeps train.
///
/// Every sweep holds a file lock while it lives. On this machine, a sweep without its lock is dead.
/// A sweep on another machine is dead when its count of heartbeats has not changed for the grace
/// period *by our clock*: the clocks of two machines are never compared.
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
  /// Whether all other sweeps that hold no lock on this machine are known to have ended.
  private let isAlone: Bool
  private let clock: () -> Double
  private var lastBeat: Double
  private var lastLook: Double?
  private var stoppedCells: Set<String> = []
  /// The heartbeats of sweeps on other machines, and when each count was first seen.
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

  /// Takes those of `cells` that have one of `statuses` and that no living sweep holds; gives their
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

  /// The ids of the cells that the user wants stopped, as read within the last second.
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
    // Nobody watches a sweep that is alone.
    if isAlone { return }
    let now = clock()
    guard now - lastBeat >= Self.beatInterval else { return }
    lastBeat = now
    try store.beat(sweep)
  }

  /// Ends the sweep; `reason` is why its runs did not end.
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

/// The lock that a sweep holds while it lives, so that others see at once whether it still does.
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

  /// Whether somebody on this machine holds the lock of that name.
  static func isHeld(_ token: String, in folder: String) -> Bool {
    FileLock.isHeld(path(token, in: folder))
  }

  /// Removes what a sweep that was killed has left.
  static func remove(_ token: String, in folder: String) { unlink(path(token, in: folder)) }

  /// A token from a store that is not a UUID names no file.
  private static func path(_ token: String, in folder: String) -> String {
    "\(folder)/sweeps/\(UUID(uuidString: token)?.uuidString ?? "none").lock"
  }
}
