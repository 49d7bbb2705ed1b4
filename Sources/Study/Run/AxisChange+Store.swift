import Common
import Results

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
    let renamings = change.renamings()
    guard !renamings.isEmpty || stored.recipe != experiment.recipeText.text else { return }
    let signs = try SweepSigns(
      of: experiment.name, in: context.store, host: context.environment.host)
    guard signs.living.isEmpty else {
      throw SweepError(
        .runFailed, at: experiment.file,
        "the grid's axes have changed, and another sweep is at work with the old ones",
        advice: "let it end first")
    }
    let folder = context.folder.path
    let moves = renamings.flatMap(\.moves)
    for move in moves where context.files.exists("\(folder)/\(move.old)") {
      let data = try context.files.read("\(folder)/\(move.old)")
      try context.files.write(move.relabelled(data), to: "\(folder)/\(move.new)")
    }
    try context.store.rename(
      renamings.map { ($0.record, $0.description) }, of: experiment.name,
      recipe: experiment.recipeText.text)
    for move in moves where move.cell != nil { context.files.remove("\(folder)/\(move.old)") }
    if let first = renamings.first {
      context.note(
        "the grid's axes have changed: \(renamings.count) cells have new ids "
          + "(\(first.record.description.id) is \(first.cell.id) now\(renamings.count > 1 ? ", …" : ""))"
      )
    }
  }
}
