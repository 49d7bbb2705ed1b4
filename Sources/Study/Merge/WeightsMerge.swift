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
  private let frames: MergeFrames
  /// The target's files that were collected under other names.
  private var replaced: [String] = []

  /// A merge of weights beside the store at `target`, where `frames` tell which files get other
  /// names; call it when nobody else can be merging.
  init(into target: String, frames: MergeFrames, files: any ResultFiles) {
    self.target = target
    self.frames = frames
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
    for (experiment, recipe) in report.replaced {
      try collectOwn(frames.moves(of: experiment, recipe).values, experiment)
    }
    var count = 0
    for (experiment, cells) in report.cells.sorted(by: { $0.key < $1.key }) {
      // The name is whatever the source says.
      guard ResultFolder.isName(experiment) else {
        throw SweepError(
          .badInput, at: source,
          "has an experiment that cannot name a folder: \(experiment.quoted)",
          advice: "was it made by `sweep run`?")
      }
      let folder = ResultFolder(store: source, experiment: experiment).path
      let moves = frames.moves(of: experiment, report.recipes[experiment])
      for kind in ResultFolder.kinds {
        for name in Self.names("\(folder)/\(kind)") where name.hasSuffix(".safetensors") {
          let move =
            moves["\(kind)/\(name)"]
            ?? FileMove(old: "\(kind)/\(name)", new: "\(kind)/\(name)", cell: nil)
          let cell = move.new.dropFirst(kind.count + 1).dropLast(".safetensors".count)
          let isNeeded = try isNeeded(
            "\(folder)/\(move.old)", move, fate: kind == "initial" ? nil : cells[String(cell)],
            at: place("\(experiment)/\(move.new)"))
          guard isNeeded else { continue }
          try stage(move, from: folder, experiment)
          count += 1
        }
      }
    }
    return count
  }

  /// Collects the target's own files that get other names; the old ones go when all is done.
  private func collectOwn(
    _ moves: some Sequence<FileMove>, _ experiment: String
  ) throws(SweepError) {
    let folder = ResultFolder(store: target, experiment: experiment).path
    for move in moves where files.exists("\(folder)/\(move.old)") {
      try stage(move, from: folder, experiment)
      if move.cell != nil { replaced.append("\(folder)/\(move.old)") }
    }
  }

  private func stage(
    _ move: FileMove, from folder: String, _ experiment: String
  ) throws(SweepError) {
    let path = "\(staging)/\(experiment)/\(move.new)"
    try Folder.create(path.parentFolder)
    try files.write(move.relabelled(try files.read("\(folder)/\(move.old)")), to: path)
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

  /// Removes the files that have other names now; call it when the merge counts.
  func finish() {
    for path in replaced { files.remove(path) }
  }

  /// Removes what was collected.
  func discard() { try? FileManager.default.removeItem(atPath: staging) }

  /// Whether a file is taken; throws where another one of its name stands against it.
  private func isNeeded(
    _ file: String, _ move: FileMove, fate: MergeReport.Fate?, at place: String?
  ) throws(SweepError) -> Bool {
    guard let place else { return true }
    if fate == .taken { return true }
    if move.new.hasPrefix("checkpoints/") || fate == .behind { return false }
    let isSame =
      move.cell == nil
      ? FileManager.default.contentsEqual(atPath: place, andPath: file)
      : try files.read(place) == move.relabelled(files.read(file))
    guard isSame else {
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
