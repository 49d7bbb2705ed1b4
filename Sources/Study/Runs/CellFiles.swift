import Common
import Results

/// The files of weights of a sweep's cells.
struct CellFiles {
  let setup: SweepSetup
  /// The experiment's folder beside the store.
  let folder: ResultFolder

  /// A file of a planned cell; nil if none was ever written.
  func file(_ kind: FileRecord.Kind, of cell: Cell) throws(SweepError) -> WeightsFile? {
    guard let recipe = setup.recipe(of: cell),
      let record = try setup.store.file(
        kind, of: kind == .initial ? recipe.initialWeights : recipe, in: setup.experiment.name),
      record.isWritten
    else { return nil }
    return WeightsFile(record, in: setup.store.folder, files: setup.files)
  }

  /// The place for a file of a planned cell.
  func place(_ kind: FileRecord.Kind, of item: Plan.Item) throws(SweepError) -> WeightsFile {
    try WeightsFile.place(
      kind, of: item.recipe, in: setup.experiment.name,
      name: "\(folder.name)/\(kind.folder)/\(item.cell.id)", store: setup.store,
      files: setup.files)
  }
}
