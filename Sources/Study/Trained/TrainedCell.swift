import Common
import Networks
import Results
import Weights

/// A cell that was trained, to the end or for some epochs, and all that its network needs to be
/// used.
public struct TrainedCell: Sendable {
  /// The name of its experiment.
  public let experiment: String
  /// The cell, with the recipe it was trained by.
  public let cell: Cell
  /// The names of the classes, by number.
  public let classes: [String]
  /// Its network.
  public let network: Network
  /// The network's state after the last epoch, or in the newest checkpoint.
  public let weights: [NamedTensor]
  /// The file that the weights come from.
  public let weightsFile: String
  /// What its user has to know where training is not done: how far it is, in a line; nil where it
  /// is.
  public let note: String?

  /// Reads the cell of that id from a store and the weights beside it: those after the last epoch,
  /// or, where training is not done, those of the newest checkpoint with an epoch behind it.
  ///
  /// `experiment` may be nil where the store holds one alone. Throws where there is no such cell,
  /// where it has no such weights yet, and where what it left is gone or belongs to another network.
  public init(
    _ id: String, of experiment: String?, in store: Store
  ) throws(SweepError) {
    let name = try store.chooseExperiment(experiment)
    let records = try store.cells(of: name)
    guard let record = records.first(where: { $0.description.id == id }) else {
      throw SweepError(
        .badInput, at: store.path, "\(name) has no cell \"\(id)\"",
        advice: Self.advice(for: id, among: records.map(\.description.id)))
    }
    guard record.lastRun != nil else { throw Self.untrained(record) }
    let file = try store.experiment(named: name)?.file ?? ""
    let cells = try Experiment(bytes: Array(file.utf8), file: "\(store.path): \(name)").cells
    guard let cell = cells.first(where: { $0.id == id }) else {
      throw SweepError(
        .badInput, at: id, "it is no longer in the grid of \(name)",
        advice: "put it back into the experiment file and run that: nothing is trained again")
    }
    let sets = try store.validationSets(of: name)
    guard let set = sets.first(where: { $0.dataFingerprint == record.lastRun?.dataFingerprint })
    else {
      throw SweepError(
        .badInput, at: id, "the store does not know the names of its classes",
        advice: "an early version trained it: train it again")
    }
    self.experiment = name
    self.cell = cell
    classes = set.classes
    network = try cell.network(classes: classes.count)
    let folder = ResultFolder(store: store.path, experiment: name)
    if record.status == .done {
      weightsFile = folder.finalWeights(of: cell)
      weights = try Safetensors.read(weightsFile).tensors
      note = nil
    } else {
      let checkpoint = try Self.checkpoint(of: cell, record, in: folder, experiment: name)
      weightsFile = folder.checkpoint(of: cell)
      weights = checkpoint.weights
      let progress = checkpoint.progress
      let steps =
        progress.step == 0 ? "" : " and \(Format.count(progress.step, "step"))"
      note =
        "\(id): its training is not done, it is \(record.status.rawValue): these are its weights"
        + " after \(progress.epoch) of \(Format.count(record.description.epochs, "epoch"))\(steps)"
    }
    try NamedTensor.check(weights, for: network, source: weightsFile)
  }

  /// The newest checkpoint of a cell in training; throws where no epoch is behind it.
  private static func checkpoint(
    of cell: Cell, _ record: CellRecord, in folder: ResultFolder, experiment: String
  ) throws(SweepError) -> Checkpoint {
    let files = CheckpointFiles(of: cell, in: folder, files: DiskFiles())
    let checkpoint = try files.read(identity: ["experiment": experiment, "cell": cell.id])
    guard let checkpoint, checkpoint.progress.epoch > 0 else { throw untrained(record) }
    return checkpoint
  }

  private static func untrained(_ record: CellRecord) -> SweepError {
    let hasFailed = [.diverged, .failed].contains(record.status)
    return SweepError(
      .badInput, at: record.description.id,
      "it is \(record.status.rawValue) and has no weights of a complete epoch yet",
      advice: hasFailed ? "`sweep run --retry-failed` tries again" : "`sweep run` trains it")
  }

  /// The nearest id, or what ids look like: there can be thousands.
  private static func advice(for id: String, among valid: [String]) -> String {
    if let nearest = Spelling.nearest(to: id, among: valid) {
      return "did you mean \"\(nearest)\"?"
    }
    return "ids are such as \(valid.prefix(2).joined(separator: ", ")); `sweep plan` lists them"
  }
}
