import Common
import Foundation
import Results

/// Merges the weights of other stores into one store's folder: all or none.
///
/// Files are collected in a staging folder and moved once all are there. The next merge removes
/// what a killed merge left. No file is overwritten.
final class WeightsMerge: MergeFiles {
  private let store: Store
  private let staging: String
  private let files: any ResultFiles
  private var isBegun = false
  private var staged: [String] = []
  private var published: [String] = []
  private var replaced: [WeightsFile] = []
  private(set) var missing: [String] = []

  init(into store: Store, files: any ResultFiles) {
    self.store = store
    self.files = files
    staging = store.path + ".merge"
  }

  func folder(for experiment: String) throws(SweepError) -> String {
    // The name comes from a source store and is untrusted.
    guard ResultFolder.isName(experiment) else {
      throw SweepError(
        .badInput, at: store.path,
        "the experiment's name \(experiment.quoted) cannot name a folder",
        advice: "was its store made by `sweep run`?")
    }
    return ResultFolder.free(experiment, in: store.folder).name
  }

  func exists(_ path: String) -> Bool { files.exists(place(path)) }

  func collect(
    _ report: MergeReport, from folder: String
  ) throws(SweepError) -> [String] {
    // A merge holds the store's lock, so nobody else uses the staging folder.
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

  /// Keeps the published files and removes those they replaced; call it after the merge is
  /// committed.
  func finish() {
    published = []
    for file in replaced where (try? file.contents()) != nil { file.remove() }
  }

  /// Removes the staged files, and the published ones if the merge was not committed.
  func discard() {
    guard isBegun else { return }
    for path in published { files.remove(path) }
    try? FileManager.default.removeItem(atPath: staging)
  }

  private func place(_ path: String) -> String {
    store.folder.isEmpty ? path : "\(store.folder)/\(path)"
  }
}
