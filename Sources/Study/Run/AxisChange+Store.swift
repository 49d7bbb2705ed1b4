import Common
import Foundation
import Results
import Training

extension AxisChange {
  /// Gives stored cells the ids that the grid has for them now, and their weights and checkpoints
  /// with them.
  ///
  /// Copies are made first, then the store is changed in one transaction, then the old files are
  /// removed: whoever is killed in between does it again. Throws where another sweep is at work on
  /// the experiment.
  static func apply(in context: RunContext) throws(SweepError) {
    let experiment = context.plan.experiment
    guard let stored = try context.store.experiment(named: experiment.name) else { return }
    let change = AxisChange(
      to: experiment, from: RecipeText(stored: stored.recipe),
      try context.store.cells(of: experiment.name))
    let renamings = change.renamings(context.plan.items)
    guard !renamings.isEmpty || stored.recipe != experiment.recipeText.text else { return }
    let signs = try SweepSigns(
      of: experiment.name, in: context.store, host: context.environment.host)
    guard signs.living.isEmpty else {
      throw SweepError(
        .runFailed, at: experiment.file,
        "the grid's axes have changed, and another sweep is at work with the old ones",
        advice: "let it end first")
    }
    let moves = renamings.flatMap { $0.moves(in: context.folder) }
    for move in moves where context.files.exists(move.old) {
      let data = try context.files.read(move.old)
      try context.files.write(move.cell.map { Self.relabel(data, $0) } ?? data, to: move.new)
    }
    try context.store.rename(
      renamings.map { ($0.record, $0.item.description(epochs: experiment.epochs)) },
      of: experiment.name, recipe: experiment.recipeText.text)
    for move in moves where move.cell != nil { context.files.remove(move.old) }
    if let first = renamings.first {
      context.note(
        "the grid's axes have changed: \(renamings.count) cells have new ids "
          + "(\(first.record.description.id) is \(first.item.cell.id) now\(renamings.count > 1 ? ", …" : ""))"
      )
    }
  }

  /// A file of weights or a checkpoint, labelled as another cell's; a damaged one as it is.
  private static func relabel(_ data: Data, _ cell: String) -> Data {
    guard var file = try? Safetensors.decode(data, source: "") else { return data }
    guard file.metadata[Checkpoint.checksumKey] != nil else {
      file.metadata["cell"] = cell
      return Safetensors.encode(file)
    }
    guard var checkpoint = try? Checkpoint(data, path: "", identity: [:]) else { return data }
    checkpoint.identity = Checkpoint.identity(in: file.metadata)
    checkpoint.identity["cell"] = cell
    return checkpoint.encode()
  }
}

extension AxisChange.Renaming {
  /// Where the cell's files lie and where they belong; `cell` is the id that a label in the file
  /// gets, nil for a file that is others' too.
  fileprivate func moves(in folder: ResultFolder) -> [(old: String, new: String, cell: String?)] {
    let (old, new) = (record.description.id, item.cell.id)
    var moves: [(old: String, new: String, cell: String?)] = [
      ("\(folder.path)/final/\(old).safetensors", folder.finalWeights(of: item.cell), new)
    ]
    let checkpoint = folder.checkpoint(of: item.cell)
    for end in ["", ".previous", ".next"] {
      moves.append(
        ("\(folder.path)/checkpoints/\(old).safetensors\(end)", checkpoint + end, new))
    }
    let hadRounding = record.description.axes.contains { $0.name == "channels" }
    let weights = item.cell.initialWeightsName(naming: hadRounding)
    if weights != item.cell.initialWeightsName {
      moves.append(
        ("\(folder.path)/initial/\(weights).safetensors", folder.initialWeights(of: item.cell), nil)
      )
    }
    return moves
  }
}
