import Common
import Results

/// Trained cells that left the grid and are in it again.
///
/// A recipe says nothing of axes and networks that its grid has not, so what such a cell was
/// trained by is read from the experiment file that it was last run with.
struct ReturningCells {
  /// How the first of them that was trained by another recipe than it has now was trained, a clause
  /// each; none where all are as they were.
  let objections: [String]

  /// The cells of an experiment that return to its grid in `store`.
  init(to experiment: Experiment, in store: Store) throws(SweepError) {
    var found: [String] = []
    let files = try store.filesOfCellsOutsideGrid(of: experiment.name)
    var known: [String: Experiment] = [:]
    for cell in files.isEmpty ? [] : experiment.cells {
      guard let text = files[cell.id] else { continue }
      if known[text] == nil {
        known[text] = try? Experiment(bytes: Array(text.utf8), file: experiment.file)
      }
      // A cell that has got another id since then has been looked at when it got it.
      guard let earlier = known[text], let before = earlier.cells.first(where: { $0.id == cell.id })
      else { continue }
      let differences = experiment.recipeText(of: cell).differences(
        from: earlier.recipeText(of: before))
      if !differences.isEmpty {
        found = differences.map { "\(cell.id): \($0)" }
        break
      }
    }
    objections = found
  }
}
