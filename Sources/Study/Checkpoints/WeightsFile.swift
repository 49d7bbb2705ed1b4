import Common
import Foundation
import Results
import Weights

/// A weights file at the path reserved in the store.
///
/// The recorded SHA-256 identifies the file. The checkpoint before the newest is kept as well, so
/// one is intact even if writing the other fails.
struct WeightsFile {
  private(set) var record: FileRecord
  let path: String
  private let files: any ResultFiles

  init(_ record: FileRecord, in folder: String, files: any ResultFiles) {
    self.record = record
    self.files = files
    path = folder.isEmpty ? record.path : "\(folder)/\(record.path)"
  }

  /// Reserves a path for a file if it has none, or if another file is there.
  ///
  /// A new path is `name`, relative to the store's folder, plus the extension.
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

  /// Whether the file has the recorded length; detects truncation without reading the file.
  var hasRecordedLength: Bool {
    [path, next].compactMap(files.size).contains { $0 == record.bytes ?? $0 }
  }

  /// The contents of the recorded file, or of the previous checkpoint.
  ///
  /// Calls `note` if the newest is damaged. Throws if no recorded file is intact.
  func contents(
    note: (String) -> Void = { _ in }
  ) throws(SweepError) -> Safetensors.Contents {
    // A crash around the time of recording can leave the file at its temporary path.
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
          note("\(problem.location): \(problem.message); resuming from the previous one")
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

  /// Moves a temporary file into place if it was recorded before a crash; removes it otherwise.
  func recover(recordedEpochs: Int) throws(SweepError) {
    guard files.exists(next) else { return }
    guard isRecorded(next, recordedEpochs: recordedEpochs) else { return files.remove(next) }
    try publish()
  }

  /// Writes the file to a temporary path, lets `body` record it, and moves it into place: `body`
  /// gets the record and a function to call once it is stored.
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

  /// Removes the previous checkpoint once the cell is done.
  func removePrevious() { files.remove(previous) }

  /// Removes the file and its previous and temporary versions; returns the bytes freed.
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
    SweepError(.badInput, at: path, "this weights file is missing", advice: advice)
  }

  private func other(_ place: String) -> SweepError {
    SweepError(
      .badInput, at: place,
      "this file differs from the one that the store recorded", advice: advice)
  }

  private var advice: String {
    record.kind == .initial
      ? "put it back, or give the experiment another name"
      : "put it back, or train the cell again with `sweep run --retrain-lost`"
  }
}
