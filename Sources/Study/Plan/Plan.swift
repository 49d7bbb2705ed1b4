import Common
import Engine
import Networks
import Results
import Weights

/// The cost of an experiment, estimated before it runs.
package struct Plan: Sendable {
  package struct Item: Sendable {
    package internal(set) var cell: Cell
    package internal(set) var recipe: CellRecipe
    package let network: Network
    /// Parameters, and multiply-accumulates per image.
    package let cost: Cost
    /// The peak bytes of live feature maps while classifying one image.
    let activationBytes: Int
    package internal(set) var job: TrainingJob
    /// Bytes on the engine's device while training.
    package let memory: MemoryFootprint
    /// The elements of all feature maps of one image.
    let elements: Int
    /// Epochs that are done.
    package internal(set) var firstEpoch = 0
    package let weightBytes: Int
    /// Bytes of a checkpoint: the weights, and the optimizer state of trainable ones.
    package let checkpointBytes: Int
    /// Estimated seconds for the epochs that are left, on this machine without other programs; nil if
    /// unknown.
    package var estimatedSeconds: Double?
  }

  /// The number of classes assumed without a data set: that of Animals-10.
  package static let assumedClasses = 10

  package private(set) var experiment: Experiment
  /// The data set's size; nil if it is unavailable.
  package let data: DataSize?
  package private(set) var items: [Item]
  let device: Device

  /// What decides how many cells are trained side by side.
  struct Device: Sendable {
    let threads, mostTeams: Int
    let freeMemory: Int?
  }

  package init(
    _ experiment: Experiment, data: DataSize?, engine: any Engine
  ) throws(SweepError) {
    self.experiment = experiment
    self.data = data
    device = Device(
      threads: engine.device.threads, mostTeams: engine.mostTeams, freeMemory: engine.freeMemory)
    var items: [Item] = []
    // Cells that differ only in the seed cost the same.
    var known: [String: Int] = [:]
    for cell in experiment.cells {
      let settings = cell.settings.map(\.value)
      let key = "\(cell.model) \(cell.width) \(cell.resolution) \(settings)"
      if let index = known[key] {
        var item = items[index]
        item.cell = cell
        item.job = try cell.trainingJob(item.network, on: data?.of(cell.recipe))
        item.recipe = experiment.recipe(of: cell)
        items.append(item)
        continue
      }
      known[key] = items.count
      let network = try cell.network(classes: data?.classes ?? Self.assumedClasses)
      do {
        try network.check(resolution: cell.resolution)
      } catch {
        throw SweepError(
          .badInput, at: "\(experiment.file): \(cell.id)", error.message, advice: error.advice)
      }
      let job = try cell.trainingJob(network, on: data?.of(cell.recipe))
      let weightBytes = network.parameters.reduce(0) { $0 + 4 * $1.count }
      items.append(
        Item(
          cell: cell, recipe: experiment.recipe(of: cell), network: network,
          cost: try network.cost(resolution: cell.resolution),
          activationBytes: try network.activationBytes(resolution: cell.resolution),
          job: job, memory: try engine.memory(of: job),
          elements: try network.shapes(resolution: cell.resolution).reduce(0) { $0 + $1.count },
          weightBytes: weightBytes,
          checkpointBytes: weightBytes + job.settings.optimizerBytes(for: network)))
    }
    self.items = items
    try checkRecipes()
    if let data {
      try checkClassWeights(data)
      try checkLastBatch(data)
      try checkSchedules(data)
    }
    var checked: Set<String> = []
    for item in items where checked.insert(item.cell.initialWeightsName).inserted {
      try item.cell.checkTrainedWeights(for: item.network)
    }
  }

  /// The same plan with only some of its cells.
  package func restricted(to ids: Set<String>, source: String) throws(SweepError) -> Plan {
    var copy = self
    copy.experiment = try experiment.restricted(to: Array(ids), source: source)
    copy.items = items.filter { ids.contains($0.cell.id) }
    return copy
  }

  /// Throws if an axis makes no difference between two cells.
  private func checkRecipes() throws(SweepError) {
    var known: [CellRecipe: String] = [:]
    for item in items {
      if let other = known.updateValue(item.cell.id, forKey: item.recipe) {
        throw SweepError(
          .badInput, at: experiment.file,
          "\(other) and \(item.cell.id) have the same training recipe",
          advice: "exclude one of them, or remove the axis that has no effect")
      }
    }
  }

  mutating func estimate(seconds: (Item) -> Double?) {
    for index in items.indices { items[index].estimatedSeconds = seconds(items[index]) }
  }

  /// The share of the processors that other programs left to this one while times were measured;
  /// nil without measurement.
  package internal(set) var processorShare: Double?

  /// The same plan with the cells that meet one of the conditions; all cells without conditions.
  package func restricted(to conditions: [GridClause]) throws(SweepError) -> Plan {
    guard !conditions.isEmpty else { return self }
    var copy = self
    copy.items = items.filter { item in conditions.contains { $0.matches(item.cell) } }
    guard !copy.items.isEmpty else {
      throw SweepError(.usage, at: "--only", "no cell of the grid matches")
    }
    return copy
  }

  /// The same plan with what `sweep run` would still train: without the cells that the store has as
  /// done or failed, and without the epochs that it has.
  package func remaining(in store: Store) throws(SweepError) -> Plan {
    let records = Dictionary(
      try store.cells(of: experiment.name).map { ($0.description.recipe, $0) },
      uniquingKeysWith: { $1 })
    var copy = self
    copy.items = items.compactMap { item in
      guard let record = records[item.recipe] else { return item }
      let isLonger =
        record.status == .done && record.completedEpochs < experiment.epochs
        && item.cell.recipe.earlyStopping == nil
      guard record.isPending || isLonger else { return nil }
      var item = item
      item.firstEpoch = min(record.completedEpochs, experiment.epochs)
      return item
    }
    return copy
  }

  /// Estimated seconds for all cells; nil if one is unknown.
  package var estimatedSeconds: Double? {
    var sum = 0.0
    for item in items {
      guard let seconds = item.estimatedSeconds else { return nil }
      sum += seconds
    }
    return sum
  }

  /// Bytes of the results: initial weights; final weights, a checkpoint and about 1 KiB per epoch
  /// in the store for each cell; and a second checkpoint for each cell of the group in training.
  package var diskBytes: Int {
    let initial = Dictionary(
      items.map { ($0.cell.initialWeightsName, $0.weightBytes) }, uniquingKeysWith: { $1 })
    let checkpoints = Dictionary(
      items.map { ($0.cell.id, $0.checkpointBytes) }, uniquingKeysWith: { $1 })
    let second = CellGroup.groups(of: items.map(\.cell)).map { group in
      group.cells.reduce(0) { $0 + (checkpoints[$1.id] ?? 0) }
    }
    return initial.values.reduce(0, +) + (second.max() ?? 0)
      + items.reduce(0) { $0 + $1.weightBytes + $1.checkpointBytes + 1024 * experiment.epochs }
  }

  /// The most bytes that images take, decoded or in decoding; 0 if unknown.
  package var inputBytes = 0

  /// Batches in preparation or use.
  static let batchesInMemory = 4

  /// Batch normalization computes batch statistics, so a channel needs more than one value.
  private func checkLastBatch(_ data: DataSize) throws(SweepError) {
    for item in items {
      let batchSize = item.cell.recipe.batchSize
      let data = data.of(item.cell.recipe)
      let last = data.trainImages % batchSize == 0 ? batchSize : data.trainImages % batchSize
      guard last == 1 else { continue }
      let shapes = try item.network.shapes(resolution: item.cell.resolution)
      for (node, shape) in zip(item.network.nodes, shapes.dropFirst()) {
        guard node.operation.batchNorm != nil, shape.height * shape.width == 1 else { continue }
        throw SweepError(
          .badInput, at: "\(experiment.file): \(item.cell.id)",
          "with \(data.trainImages) training images and batches of \(batchSize), the last batch is one"
            + " image, whose map in \(node.name) is one value: batch normalization needs two",
          advice: "choose another batch_size or a higher resolution")
      }
    }
  }
}

extension Plan.Item {
  /// A step has 6 operations per multiply-accumulate and moves 24 bytes per element of a feature
  /// map; a typical processor makes 8 operations in the time of a byte.
  static let macsPerElement = 32.0

  /// The cost of training on one image, in multiply-accumulates that take as long.
  var trainingCost: Double { Double(cost.macs) + Self.macsPerElement * Double(elements) }
}

package struct DataSize: Sendable, Equatable {
  package let classes: Int
  package let trainImages: Int
  package let valImages: Int
  /// The training images of each class; nil if unknown.
  package var classImages: [Int]?
  /// The sizes of the folds' training and validation images; empty without folds.
  package var folds: [DataSize] = []

  /// The size for a cell with this recipe: that of its fold.
  func of(_ recipe: Recipe) -> DataSize {
    recipe.fold.flatMap { folds.indices.contains($0.number) ? folds[$0.number] : nil } ?? self
  }
}

extension Plan {
  private func checkClassWeights(_ data: DataSize) throws(SweepError) {
    for item in items {
      guard case .list(let weights) = item.cell.recipe.classWeights, weights.count != data.classes
      else { continue }
      throw SweepError(
        .badInput, at: "\(experiment.file): $.class_weights",
        "\(Format.count(weights.count, "weight")) for \(data.classes) classes (\(item.cell.id))",
        advice: "give one per class, in the order of the classes' names")
    }
  }

  /// Checks rates that change by step, which depends on the number of images.
  func checkSchedules(_ data: DataSize) throws(SweepError) {
    for item in items where item.cell.recipe.schedule.unit == .step {
      let recipe = item.cell.recipe
      let steps = (data.of(recipe).trainImages + recipe.batchSize - 1) / recipe.batchSize
      let all = steps * experiment.epochs
      guard
        let zero = recipe.schedule.firstZero(base: recipe.optimizer.learningRate, before: all)
      else { continue }
      throw SweepError(
        .badInput, at: "\(experiment.file): $.schedule",
        "the learning rate is 0 from step \(zero + 1) of \(all) on (\(item.cell.id))",
        advice: ScheduleRecipe.advice(
          recipe.schedule.canonical["name"]?.replacing("\"", with: "")))
    }
  }

  /// The cell of the previous resolution, whose optimizer this cell continues with; nil for the
  /// first resolution, or if every cell has a new optimizer.
  func predecessor(of cell: Cell) -> Cell? {
    guard cell.recipe.optimizer.carryOver else { return nil }
    let order = experiment.resolutions
    func position(_ cell: Cell) -> Int { order.firstIndex(of: cell.resolution) ?? 0 }
    let earlier = items.map(\.cell).filter { other in
      other.model == cell.model && other.width == cell.width && other.seed == cell.seed
        && other.settings == cell.settings && position(other) < position(cell)
    }
    return earlier.max { position($0) < position($1) }
  }
}
