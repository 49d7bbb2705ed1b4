import Common
import Foundation
import Results

/// The final weights of an experiment's cells, each checked against what its store recorded.
package struct FinalWeights {
  private let store: Store
  private let experiment: String

  /// Those of an experiment in `store`.
  package init(of experiment: String, in store: Store) {
    self.experiment = experiment
    self.store = store
  }

  /// The bytes of the file of a cell that is done.
  ///
  /// Throws where the file is gone, damaged or another's.
  package func data(of cell: CellDescription) throws(SweepError) -> Data {
    guard let record = try store.file(.final, of: cell.recipe, in: experiment), record.isWritten
    else {
      throw SweepError(
        .badInput, at: cell.id, "the store has no final weights of it",
        advice: "train the cell again with `sweep run --retrain-lost`")
    }
    return try WeightsFile(record, in: store.folder, files: DiskFiles()).data()
  }
}
