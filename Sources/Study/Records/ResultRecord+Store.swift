import Common
import Results
import Weights

extension ResultRecord {
  /// The record of an experiment's completed cells.
  ///
  /// `experiment` may be nil if the store holds only one. Throws if no cell is done, if cells were
  /// trained on different images, or if a weights file is missing or damaged.
  package init(of experiment: String?, in store: Store) throws(SweepError) {
    let name = try store.chooseExperiment(experiment)
    let records = try store.cells(of: name).filter { $0.isInGrid && $0.status == .done }
    guard let fingerprint = records.first?.lastRun?.dataFingerprint else {
      throw SweepError(
        .badInput, at: store.path, "no cell of \(name) is done", advice: "use `sweep run`")
    }
    for record in records where record.lastRun?.dataFingerprint != fingerprint {
      throw SweepError(
        .badInput, at: record.description.id, "its training images differ from the first cell's",
        advice: "a record describes one data set")
    }
    self.experiment = name
    file = try store.experiment(named: name)?.file ?? ""
    makers = try store.makers(of: name)
    data = try store.files(ofDataSet: fingerprint) ?? ""
    let history = Dictionary(grouping: try store.history(of: name), by: \.cell)
    var initial: [String: String] = [:]
    cells = []
    for record in records {
      let (id, recipe) = (record.description.id, record.description.recipe)
      let key = recipe.initialWeights.sha256
      if initial[key] == nil {
        let file = try store.file(.initial, of: recipe.initialWeights, in: name)
        initial[key] = try Self.digest(of: file, id, store)
      }
      cells.append(
        Cell(
          id: id, initialWeights: initial[key] ?? "",
          finalWeights: try Self.digest(of: store.file(.final, of: recipe, in: name), id, store),
          epochs: (history[id] ?? []).map { Epoch($0.record) }))
    }
  }

  private static func digest(
    of file: FileRecord?, _ id: String, _ store: Store
  ) throws(SweepError) -> String {
    guard let file, file.isWritten else {
      throw SweepError(
        .badInput, at: id, "the store has no weights of this cell",
        advice: "an early version trained it: train it again")
    }
    return NamedTensor.digest(
      of: try WeightsFile(file, in: store.folder, files: DiskFiles()).contents().tensors)
  }
}

extension ResultRecord.Epoch {
  init(_ record: EpochRecord) {
    number = record.epoch
    values = [
      record.learningRate, record.trainLoss, record.trainAccuracy, record.valLoss,
      record.valAccuracy,
    ]
  }
}
