import Common
import Foundation
import Results

extension AxisChange {
  /// Gives stored cells the ids that the grid has for them now, and their weights and checkpoints
  /// with them.
  ///
  /// Copies are made first, then the store is changed in one transaction, then the old files are
  /// removed: whoever is killed in between does it again. Throws where another sweep is at work on
  /// the experiment.
  static func apply(
    _ experiment: Experiment, in store: Store, files: any ResultFiles,
    host: String = ProcessInfo.processInfo.hostName, note: (String) -> Void
  ) throws(SweepError) {
    guard let stored = try store.experiment(named: experiment.name) else { return }
    let change = AxisChange(
      to: experiment, from: RecipeText(stored: stored.recipe), try store.cells(of: experiment.name))
    let renamings = change.renamings()
    guard !renamings.isEmpty || stored.recipe != experiment.recipeText.text else { return }
    let signs = try SweepSigns(of: experiment.name, in: store, host: host)
    guard signs.living.isEmpty else {
      throw SweepError(
        .runFailed, at: experiment.file,
        "the grid's axes have changed, and another sweep is at work with the old ones",
        advice: "let it end first")
    }
    let folder = ResultFolder(store: store.path, experiment: experiment.name).path
    let moves = renamings.flatMap(\.moves)
    for move in moves where files.exists("\(folder)/\(move.old)") {
      let data = try files.read("\(folder)/\(move.old)")
      try files.write(move.relabelled(data), to: "\(folder)/\(move.new)")
    }
    try store.rename(
      renamings.map { ($0.record, $0.description) }, of: experiment.name,
      recipe: experiment.recipeText.text)
    for move in moves where move.cell != nil { files.remove("\(folder)/\(move.old)") }
    if let first = renamings.first {
      note(
        "the grid's axes have changed: "
          + (renamings.count == 1 ? "1 cell has a new id" : "\(renamings.count) cells have new ids")
          + " (\(first.record.description.id) is \(first.cell.id) now\(renamings.count > 1 ? ", …" : ""))"
      )
    }
  }
}
