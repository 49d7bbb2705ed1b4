import Common
import Foundation
import Results

/// Removes an experiment, or the results of one of its cells, with the weights files.
package struct Removal {
  private let store: Store
  package let experiment: String
  /// The cell; nil for the whole experiment.
  private let cell: CellRecord?
  private let files: [FileRecord]

  /// The cell's id; nil for the whole experiment.
  package var cellID: String? { cell?.description.id }
  package var fileCount: Int { files.count }

  /// What will be removed, in one line.
  package let summary: String

  /// Prepares the removal without changing anything.
  ///
  /// Throws if a sweep is training it.
  package init(of cell: CellRecord? = nil, in experiment: String, _ store: Store) throws(SweepError)
  {
    self.store = store
    self.experiment = experiment
    self.cell = cell
    let cells = try store.cells(of: experiment)
    let signs = try SweepSigns(of: experiment, in: store)
    let busy = cells.first { record in
      (cell == nil || record.description.id == cell?.description.id)
        && record.claim != nil && signs.objection(to: record) == nil
    }
    if let busy {
      throw SweepError(
        .usage, at: store.path, "a sweep is training \(busy.description.id)",
        advice: "`sweep stop \(busy.description.id)` stops it")
    }
    files = try store.files(of: experiment).filter { file in
      file.isWritten
        && (cell == nil || file.kind != .initial && file.recipe == cell?.description.recipe.sha256)
    }
    let size = Format.bytes(files.compactMap(\.bytes).reduce(0, +))
    let weights = "\(Format.count(files.count, "file")) of weights (\(size))"
    if let cell {
      summary =
        "\(cell.description.id) of \(experiment): "
        + "\(Format.count(cell.completedEpochs, "epoch")), \(weights)"
    } else {
      let epochs = cells.reduce(0) { $0 + $1.completedEpochs }
      summary =
        "the experiment \(experiment): \(Format.count(cells.count, "cell")), "
        + "\(Format.count(epochs, "epoch")), \(weights)"
    }
  }

  /// Removes the results from the store, then the recorded files.
  ///
  /// `note` reports files that stay because they differ from the recorded ones.
  package func run(note: (String) -> Void) throws(SweepError) {
    let states = files.map { FileState(of: $0, in: store) }
    let folder = try store.experiment(named: experiment)?.folder
    if let cell {
      try store.remove(cell, of: experiment)
    } else {
      try store.remove(experiment: experiment)
    }
    for (file, state) in zip(files, states) {
      let weights = WeightsFile(file, in: store.folder, files: DiskFiles())
      guard state != .other else {
        note("\(weights.path) stays: it differs from the file that the store recorded")
        continue
      }
      weights.remove()
    }
    guard cell == nil, let folder else { return }
    let path = store.folder.isEmpty ? folder : "\(store.folder)/\(folder)"
    // Folders with other files stay.
    for kind in FileRecord.Kind.allCases { rmdir("\(path)/\(kind.folder)") }
    rmdir(path)
  }
}
