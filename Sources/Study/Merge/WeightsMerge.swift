import Common
import Foundation
import Results

/// Puts the weights that lie beside other stores beside one store: all of them or none.
///
/// They are collected in a folder beside the store and moved when all are there. What a merge that
/// was killed has left in it is removed by the next. No file is overwritten.
final class WeightsMerge: MergeFiles {
  private let store: Store
  private let staging: String
  private let files: any ResultFiles
  private var isBegun = false
  private var staged: [String] = []
  private var published: [String] = []
  private var replaced: [WeightsFile] = []
  /// The files of the source before that are gone.
  private(set) var missing: [String] = []

  init(into store: Store, files: any ResultFiles) {
    self.store = store
    self.files = files
    staging = store.path + ".merge"
  }

  func folder(for experiment: String) throws(SweepError) -> String {
    // The name is whatever a source says.
    guard ResultFolder.isName(experiment) else {
      throw SweepError(
        .badInput, at: store.path,
        "an experiment cannot name a folder: \(experiment.quoted)",
        advice: "was its store made by `sweep run`?")
    }
    return ResultFolder.free(experiment, in: store.folder).name
  }

  func exists(_ path: String) -> Bool { files.exists(place(path)) }

  func collect(
    _ report: MergeReport, from folder: String
  ) throws(SweepError) -> [String] {
    // Whoever is here is alone: a merge holds the store locked.
    if !isBegun { try? FileManager.default.removeItem(atPath: staging) }
    isBegun = true
    replaced += report.replaced.map { WeightsFile($0, in: store.folder, files: files) }
    missing = []
    var gone: [String] = []
    for copy in report.copies {
      let file = WeightsFile(copy.file, in: folder, files: files)
      guard file.exists else {
        gone.append(copy.target)
        if copy.file.kind != .checkpoint || copy.file.sha256 != nil { missing.append(file.path) }
        continue
      }
      let path = "\(staging)/\(copy.target)"
      try Folder.create(path.parentFolder)
      try files.write(try file.data(), to: path)
      staged.append(copy.target)
    }
    return gone
  }

  func publish() throws(SweepError) {
    for path in staged {
      try Folder.create(place(path).parentFolder)
      try files.move("\(staging)/\(path)", to: place(path))
      published.append(place(path))
    }
  }

  /// Keeps what was published, and removes the files that it took the place of; call it when the
  /// merge counts.
  func finish() {
    published = []
    for file in replaced where (try? file.contents()) != nil { file.remove() }
  }

  /// Removes what was collected, and what was published where the merge does not count.
  func discard() {
    guard isBegun else { return }
    for path in published { files.remove(path) }
    try? FileManager.default.removeItem(atPath: staging)
  }

  private func place(_ path: String) -> String {
    store.folder.isEmpty ? path : "\(store.folder)/\(path)"
  }
}
