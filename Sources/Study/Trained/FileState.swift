import Common
import Results

/// Whether a weights file is the recorded one.
package enum FileState: String, Sendable {
  case recorded = "as recorded"
  case missing
  case other = "damaged, or another's"

  /// Checks the file of `record` in the store's folder.
  package init(of record: FileRecord, in store: Store) {
    let file = WeightsFile(record, in: store.folder, files: DiskFiles())
    if !file.exists {
      self = .missing
    } else {
      self = (try? file.contents()) == nil ? .other : .recorded
    }
  }
}
