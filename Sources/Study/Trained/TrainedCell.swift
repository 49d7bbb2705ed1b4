import Common
import Foundation
import Networks
import Results
import Weights

/// A fully or partly trained cell, with everything needed to use its network.
package struct TrainedCell: Sendable {
  package let experiment: String
  package let cell: Cell
  package let classes: [String]
  package let network: Network
  /// The network's state after the last epoch, or from the newest checkpoint.
  package let weights: [NamedTensor]
  package let weightsFile: String
  /// The progress of unfinished training, in one line; nil if it is done.
  package let note: String?

  /// Reads a cell from a store and the weights beside it: the final weights, or, if training is not
  /// done, those of the newest checkpoint after at least one epoch.
  ///
  /// `experiment` may be nil if the store holds only one. Throws if there is no such cell, if it
  /// has no such weights yet, or if they are not the recorded ones.
  package init(
    _ id: String, of experiment: String?, in store: Store
  ) throws(SweepError) {
    let name = try store.chooseExperiment(experiment)
    let record = try store.cell(named: id, of: name)
    let id = record.description.id
    guard record.lastRun != nil else { throw Self.untrained(record) }
    let cell = try Cell(
      stored: record.description.recipe, id: id, epochs: record.description.epochs)
    let sets = try store.validationSets(of: name)
    guard let set = sets.first(where: { $0.dataFingerprint == record.lastRun?.dataFingerprint })
    else {
      throw SweepError(
        .badInput, at: id, "the store has no class names for it",
        advice: "an early version trained it: train it again")
    }
    self.experiment = name
    self.cell = cell
    classes = set.classes
    network = try cell.network(classes: classes.count)
    let isDone = record.status == .done
    let recorded = try store.file(
      isDone ? .final : .checkpoint, of: record.description.recipe, in: name)
    guard let recorded, recorded.isWritten else { throw Self.untrained(record) }
    let file = WeightsFile(recorded, in: store.folder, files: DiskFiles())
    // An older version did not record whether a checkpoint exists.
    guard isDone || file.exists || recorded.sha256 != nil else { throw Self.untrained(record) }
    let contents = try file.contents()
    weightsFile = file.path
    if isDone {
      weights = contents.tensors
      note = nil
    } else {
      let checkpoint = try Checkpoint(contents, path: file.path)
      let progress = checkpoint.progress
      guard progress.epoch > 0 else { throw Self.untrained(record) }
      weights = checkpoint.weights
      let steps =
        progress.step == 0 ? "" : " and \(Format.count(progress.step, "step"))"
      note =
        "\(id) is \(record.status.rawValue), not done: these are its weights"
        + " after \(progress.epoch) of \(Format.count(record.description.epochs, "epoch"))\(steps)"
    }
    try NamedTensor.check(weights, for: network, source: weightsFile)
  }

  private static func untrained(_ record: CellRecord) -> SweepError {
    let hasFailed = [.diverged, .failed].contains(record.status)
    return SweepError(
      .badInput, at: record.description.id,
      "it is \(record.status.rawValue) and has no weights of a complete epoch yet",
      advice: hasFailed ? "`sweep run --retry-failed` tries again" : "`sweep run` trains it")
  }
}

/// The final weights of an experiment's cells, each verified against the store's record.
package struct FinalWeights {
  private let store: Store
  private let experiment: String

  package init(of experiment: String, in store: Store) {
    self.experiment = experiment
    self.store = store
  }

  package func data(of cell: CellDescription) throws(SweepError) -> Data {
    guard let record = try store.file(.final, of: cell.recipe, in: experiment), record.isWritten
    else {
      throw SweepError(
        .badInput, at: cell.id, "the store has no final weights for it",
        advice: "train the cell again with `sweep run --retrain-lost`")
    }
    return try WeightsFile(record, in: store.folder, files: DiskFiles()).data()
  }
}
