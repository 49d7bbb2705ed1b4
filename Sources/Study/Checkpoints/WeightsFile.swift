import Common
import Foundation
import Results
import Weights

/// A file of weights at the place that the store has set aside for it.
///
/// What the store recorded tells by its SHA-256 whether a file is the one. Of a cell's checkpoints
/// the one before the newest is kept too: one of them is whole whatever happens to the other.
struct WeightsFile {
  private(set) var record: FileRecord
  let path: String
  private let files: any ResultFiles

  /// The file of `record`, whose path begins at `folder`.
  init(_ record: FileRecord, in folder: String, files: any ResultFiles) {
    self.record = record
    self.files = files
    path = folder.isEmpty ? record.path : "\(folder)/\(record.path)"
  }

  /// Sets aside the place for a file, where it has none yet or where another file lies in it.
  ///
  /// A new place is called `name`, a path from the store's folder without its extension.
  static func place(
    _ kind: FileRecord.Kind, of recipe: CellRecipe, in experiment: String, name: String,
    store: Store, files: any ResultFiles
  ) throws(SweepError) -> WeightsFile {
    func place(avoiding path: String?) throws(SweepError) -> WeightsFile {
      let record = try store.place(
        kind, of: recipe, in: experiment, name: name, avoiding: path,
        exists: { path in files.exists(store.folder.isEmpty ? path : "\(store.folder)/\(path)") })
      return WeightsFile(record, in: store.folder, files: files)
    }
    let file = try place(avoiding: nil)
    guard files.exists(file.path), (try? file.contents()) == nil else { return file }
    return try place(avoiding: file.record.path)
  }

  private var previous: String { path + ".previous" }
  private var next: String { path + ".next" }

  var exists: Bool { files.exists(path) || files.exists(next) }

  /// Whether there is a file of the recorded length: one that was cut short is told without reading.
  var hasRecordedLength: Bool {
    [path, next].compactMap(files.size).contains { $0 == record.bytes ?? $0 }
  }

  /// What the recorded file holds, or else the checkpoint before it.
  ///
  /// `note` hears when the newest is not whole. Throws where there is none that the store recorded.
  func contents(
    note: (String) -> Void = { _ in }
  ) throws(SweepError) -> Safetensors.Contents {
    // One that is beside its place was recorded just before a program ended, or just after.
    var places = [next, path].map { ($0, record.sha256) }
    if record.sha256 == nil {
      places = record.kind == .checkpoint ? [(path, nil), (previous, nil)] : [(path, nil)]
    } else if let hash = record.previousSHA256 {
      places += [(previous, hash), (path, hash)]
    }
    var problem: SweepError?
    for (place, hash) in places where files.exists(place) {
      do {
        let contents = try read(place, hash)
        if let problem, hash != record.sha256 || place == previous {
          note("\(problem.location): \(problem.message); going on from the one before")
        }
        return contents
      } catch {
        if place == path { problem = problem ?? error }
      }
    }
    throw problem ?? missing
  }

  func data() throws(SweepError) -> Data {
    if files.exists(next), isRecorded(next) { return try files.read(next) }
    guard files.exists(path) else { throw missing }
    guard isRecorded(path) else { throw other(path) }
    return try files.read(path)
  }

  /// Puts a file in place that was recorded just before the program ended; one that was not is
  /// removed.
  func recover(recordedEpochs: Int) throws(SweepError) {
    guard files.exists(next) else { return }
    guard isRecorded(next, recordedEpochs: recordedEpochs) else { return files.remove(next) }
    try publish()
  }

  /// Writes the file beside its place, lets `body` record it, and puts it in place: `body` gets what
  /// to record, and what to call when that is done.
  mutating func write(
    _ contents: Safetensors.Contents, epoch: Int,
    record body: (
      _ file: FileRecord, _ publish: () throws(SweepError) -> Void
    ) throws(SweepError) -> Void
  ) throws(SweepError) {
    let data = Safetensors.encode(contents)
    var new = FileRecord(kind: record.kind, recipe: record.recipe, path: record.path)
    new.sha256 = SHA256.hash(data)
    new.bytes = data.count
    new.epoch = epoch
    new.previousSHA256 = record.kind == .checkpoint ? record.sha256 : nil
    try files.write(data, to: next)
    try body(new) { () throws(SweepError) in try publish() }
    record = new
  }

  /// Leaves the newest checkpoint alone: the cell is done.
  func removePrevious() { files.remove(previous) }

  /// Removes the file, and those before and after it; gives their bytes.
  @discardableResult
  func remove() -> Int {
    let all = [previous, path, next]
    let bytes = all.compactMap(files.size).reduce(0, +)
    all.forEach(files.remove)
    return bytes
  }

  private func publish() throws(SweepError) {
    if record.kind == .checkpoint, files.exists(path) { try files.move(path, to: previous) }
    try files.move(next, to: path)
  }

  private func isRecorded(_ place: String, recordedEpochs: Int = .max) -> Bool {
    guard record.isWritten, let contents = try? read(place, record.sha256) else { return false }
    return record.sha256 != nil
      || contents.metadata["epoch"].flatMap { Int($0) } ?? .max <= recordedEpochs
  }

  private func read(
    _ place: String, _ hash: String?
  ) throws(SweepError) -> Safetensors.Contents {
    let data = try files.read(place)
    if let hash {
      guard SHA256.hash(data) == hash else { throw other(place) }
      return try Safetensors.decode(data, source: place)
    }
    guard let metadata = record.metadata,
      var contents = try? Safetensors.decode(data, source: place)
    else { throw other(place) }
    let checksum = contents.metadata.removeValue(forKey: "checksum")
    guard checksum == nil || checksum == SHA256.hash(Safetensors.encode(contents)),
      metadata.allSatisfy({ contents.metadata[$0.key] == $0.value })
    else { throw other(place) }
    return contents
  }

  private var missing: SweepError {
    SweepError(.badInput, at: path, "this file of weights is missing", advice: advice)
  }

  private func other(_ place: String) -> SweepError {
    SweepError(
      .badInput, at: place,
      "this is not the file that the store recorded: it is damaged, or another's", advice: advice)
  }

  private var advice: String {
    record.kind == .initial
      ? "put it back, or give the experiment another name"
      : "put it back, or train the cell again with `sweep run --retrain-lost`"
  }
}
