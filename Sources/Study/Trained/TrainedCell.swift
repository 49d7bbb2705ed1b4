import Common
import Networks
import Results
import Training

/// A cell whose training is done, and all that its network needs to be used.
public struct TrainedCell: Sendable {
  /// The name of its experiment.
  public let experiment: String
  /// The cell, with the recipe it was trained by.
  public let cell: Cell
  /// The names of the classes, by number.
  public let classes: [String]
  /// Its network.
  public let network: Network
  /// The network's state after the last epoch.
  public let weights: [NamedTensor]
  /// The file that the weights come from.
  public let weightsFile: String

  /// Reads the cell of that id from a store and the weights beside it; `experiment` may be nil where
  /// the store holds one alone.
  ///
  /// Throws where there is no such cell, where its training is not done, and where what it left is
  /// gone or belongs to another network.
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
    guard record.status == .done else {
      throw SweepError(
        .badInput, at: id,
        "its training is not done: it is \(record.status.rawValue) after \(record.completedEpochs)"
          + " of \(record.description.epochs) epochs",
        advice: "`sweep run` trains it to the end")
    }
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
    weightsFile = ResultFolder(store: store.path, experiment: name).finalWeights(of: cell)
    weights = try Safetensors.read(weightsFile).tensors
    try NamedTensor.check(weights, for: network, source: weightsFile)
  }

  /// The nearest id, or what ids look like: there can be thousands.
  private static func advice(for id: String, among valid: [String]) -> String {
    if let nearest = Spelling.nearest(to: id, among: valid) {
      return "did you mean \"\(nearest)\"?"
    }
    return "ids are such as \(valid.prefix(2).joined(separator: ", ")); `sweep plan` lists them"
  }
}
