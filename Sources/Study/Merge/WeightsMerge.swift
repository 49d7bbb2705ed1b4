import Common
import Foundation
import Results

/// Puts the weights that lie beside other stores beside one store: all of them or none.
///
/// They are collected in a folder beside their place and moved when all are there. What a merge
/// that was killed has left in it is removed by the next.
final class WeightsMerge {
  private let target: String
  private let staging: String
  private let files: any ResultFiles

  /// A merge of weights beside the store at `target`; call it when nobody else can be merging.
  init(into target: String, files: any ResultFiles) {
    self.target = target
    self.files = files
    staging = target + ".merge"
    discard()
  }

  /// Collects what the store at `source` has and neither the target nor a source before has; gives
  /// how many files that are.
  ///
  /// Throws where final or initial weights are there with other content, unless `report` says that
  /// one of the two is further on.
  func collect(from source: String, _ report: MergeReport) throws(SweepError) -> Int {
    var count = 0
    for (experiment, cells) in report.cells.sorted(by: { $0.key < $1.key }) {
      // The name is whatever the source says.
      guard ResultFolder.isName(experiment) else {
        throw SweepError(
          .badInput, at: source,
          "has an experiment that cannot name a folder: \(experiment.quoted)",
          advice: "was it made by `sweep run`?")
      }
      let folder = ResultFolder(store: source, experiment: experiment)
      for kind in ResultFolder.kinds {
        let names =
          (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(kind)")) ?? []
        for name in names.sorted() where name.hasSuffix(".safetensors") {
          let cell = String(name.dropLast(".safetensors".count))
          let isNeeded = try isNeeded(
            "\(folder.path)/\(kind)/\(name)", kind: kind,
            fate: kind == "initial" ? nil : cells[cell],
            at: place("\(experiment)/\(kind)/\(name)"))
          guard isNeeded else { continue }
          try Folder.create("\(staging)/\(experiment)/\(kind)")
          try files.write(
            try files.read("\(folder.path)/\(kind)/\(name)"),
            to: "\(staging)/\(experiment)/\(kind)/\(name)")
          count += 1
        }
      }
    }
    return count
  }

  /// Moves what was collected to its place.
  func publish() throws(SweepError) {
    for experiment in Self.names(staging) {
      let folder = ResultFolder(store: target, experiment: experiment)
      try folder.create()
      for kind in Self.names("\(staging)/\(experiment)") {
        for name in Self.names("\(staging)/\(experiment)/\(kind)") {
          try files.move(
            "\(staging)/\(experiment)/\(kind)/\(name)", to: "\(folder.path)/\(kind)/\(name)")
        }
      }
    }
    discard()
  }

  /// Removes what was collected.
  func discard() { try? FileManager.default.removeItem(atPath: staging) }

  /// Whether a file is taken; throws where another one of its name stands against it.
  private func isNeeded(
    _ file: String, kind: String, fate: MergeReport.Fate?, at place: String?
  ) throws(SweepError) -> Bool {
    guard let place else { return true }
    if fate == .taken { return true }
    if kind == "checkpoints" || fate == .behind { return false }
    guard FileManager.default.contentsEqual(atPath: place, andPath: file) else {
      throw SweepError(
        .badInput, at: file, "other weights than in \(place)",
        advice: "keep one of them: both cannot come from the same recipe, images and processor")
    }
    return false
  }

  /// Where a file of that name lies already; nil where there is none.
  private func place(_ name: String) -> String? {
    let beside = target.parentFolder
    let old = beside.isEmpty ? name : "\(beside)/\(name)"
    return ["\(staging)/\(name)", old].first(where: files.exists)
  }

  private static func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}
