import Common
import Foundation

/// A cell's checkpoints on disk: the newest, the one before it, and one whose epoch is being
/// recorded.
///
/// Of two, one is whole whatever happens to the other.
struct CheckpointFiles {
  let path: String
  let files: any ResultFiles

  /// The newest checkpoint.
  init(of cell: Cell, in folder: ResultFolder, files: any ResultFiles) {
    path = folder.checkpoint(of: cell)
    self.files = files
  }

  /// The one before the newest.
  var previous: String { path + ".previous" }
  /// One whose epoch is being recorded.
  var next: String { path + ".next" }

  /// Makes `checkpoint` the newest.
  func write(_ checkpoint: Checkpoint) throws(SweepError) {
    try prepare(checkpoint)
    try publish()
  }

  /// Writes `checkpoint` beside the others.
  func prepare(_ checkpoint: Checkpoint) throws(SweepError) {
    try files.write(checkpoint.encode(), to: next)
  }

  /// Makes the one that is beside the newest.
  func publish() throws(SweepError) {
    if files.exists(path) { try files.move(path, to: previous) }
    try files.move(next, to: path)
  }

  /// Leaves the newest alone: the cell is done.
  func removePrevious() { files.remove(previous) }

  /// The newest checkpoint that is whole; nil where there is none at all.
  ///
  /// `note` hears of one that is damaged. Throws where none is whole.
  func read(
    identity: [String: String], note: (String) -> Void = { _ in }
  ) throws(SweepError) -> Checkpoint? {
    var damage: SweepError?
    for place in [path, previous] where files.exists(place) {
      do {
        let checkpoint = try Checkpoint(try files.read(place), path: place, identity: identity)
        if let damage {
          note("\(damage.location): \(damage.message); going on from the one before")
        }
        return checkpoint
      } catch {
        damage = damage ?? error
      }
    }
    if let damage { throw damage }
    return nil
  }

  /// Puts a checkpoint in place whose epoch was recorded just before the program ended; one whose
  /// epoch was not, or that is damaged, is removed.
  func recover(recordedEpochs: Int, identity: [String: String]) throws(SweepError) {
    guard files.exists(next) else { return }
    if let data = try? files.read(next),
      let checkpoint = try? Checkpoint(data, path: next, identity: identity),
      checkpoint.progress.epoch <= recordedEpochs
    {
      try publish()
    } else {
      files.remove(next)
    }
  }
}
