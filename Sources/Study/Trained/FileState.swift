import Common
import Results

/// Whether a file of weights is the one that its store recorded.
package enum FileState: String, Sendable {
  case recorded = "as recorded"
  case missing
  case other = "damaged, or another's"

  /// Reads the file of `record` in the folder of its store.
  package init(of record: FileRecord, in store: Store) {
    let file = WeightsFile(record, in: store.folder, files: DiskFiles())
    if !file.exists {
      self = .missing
    } else {
      self = (try? file.contents()) == nil ? .other : .recorded
    }
  }
}
