import Common
import Engine
import Images
import Networks
import Weights

/// Everything that determines a result besides the data and the cell's position in the grid.
package struct Recipe: Sendable, Equatable {
  /// The normalization's mean of each channel, R, G, B, for pixels in [0, 1].
  package let mean: [Double]
  package let std: [Double]
  /// Which fold validates, with cross-validation.
  package let fold: Fold?
  package let channels: ChannelRounding
  /// Images per batch; an epoch's last batch can be smaller.
  package let batchSize: Int
  package let shuffle: Bool
  package let optimizer: OptimizerRecipe
  package let schedule: LearningRateSchedule
  package let labelSmoothing: Double
  package let classWeights: ClassWeights
  package let sampling: Sampling
  package let gradientClipping: GradientClipping?
  /// The dropout probability; nil for each network's default.
  package let dropout: Double?
  package let earlyStopping: EarlyStopping?
  /// The weights that cells start from; nil for random initialization.
  package let initialWeights: InitialWeightsRecipe?
  package let augment: [AugmentStep]
  /// The steps for images that are not trained on.
  package let valTransform: [AugmentStep]

  static let batchSizes = 1...65536

  /// Reads the recipe for `epochs` epochs from the root's fields; `overrides` (by dotted path)
  /// replace the file's values.
  init(
    root: [String: JSONField], dataset: [String: JSONField], epochs: Int,
    overrides: [String: JSONField] = [:]
  ) throws(SweepError) {
    func section(_ name: String, _ keys: [String]) throws(SweepError) -> RecipeSection {
      try RecipeSection(name, keys: keys, root: root, overrides: overrides)
    }
    mean = try dataset["mean"]?.channelFigures("mean") ?? [0.5177, 0.5003, 0.4126]
    std = try dataset["std"]?.channelFigures("std", positive: true) ?? [0.2133, 0.2130, 0.2149]

    let fields = root.merging(overrides) { $1 }
    fold = try Fold(count: dataset["folds"], number: overrides[Fold.axis] ?? dataset["fold"])
    let rounding = try fields["channels"]?.name(
      of: "rounding", among: ChannelRounding.allCases.map(\.rawValue))
    channels = rounding.flatMap { ChannelRounding(rawValue: $0) } ?? .truncate
    batchSize = try fields["batch_size"]?.integer(in: Self.batchSizes, "the batch size") ?? 192
    shuffle = try fields["shuffle"]?.boolean() ?? true

    optimizer = try OptimizerRecipe(try section("optimizer", OptimizerRecipe.keys))
    schedule = try ScheduleRecipe.schedule(
      try section("schedule", ScheduleRecipe.axes.map(\.name)),
      learningRate: optimizer.learningRate,
      epochs: epochs)
    labelSmoothing = try fields["label_smoothing"]?.fraction("the label smoothing") ?? 0
    classWeights = try ClassWeights(fields["class_weights"])
    let draws = try fields["sampling"]?.name(
      of: "sampling", among: Sampling.allCases.map(\.rawValue))
    sampling = draws.flatMap { Sampling(rawValue: $0) } ?? .all
    gradientClipping = try GradientClipping(
      try section("gradient_clipping", GradientClipping.axes.map(\.name)))
    dropout = try fields["dropout"]?.fraction("the dropout")
    earlyStopping = try EarlyStopping(try section("early_stopping", EarlyStopping.axes.map(\.name)))
    initialWeights = try InitialWeightsRecipe(
      try section("initial_weights", InitialWeightsRecipe.keys))

    augment = try AugmentStep.steps(fields["augment"])
    valTransform = try AugmentStep.steps(fields["val_transform"], isFixed: true)
  }

  /// The settings that affect results, by dotted path, as JSON values: those of `CellRecipe` except
  /// the cell's position in the grid.
  var canonical: [String: String] {
    var settings = [
      "dataset.mean": "\(mean)", "dataset.std": "\(std)",
      "channels": channels.rawValue.quoted, "batch_size": "\(batchSize)", "shuffle": "\(shuffle)",
      "augment": Self.canonical(augment),
    ]
    func add(_ section: String, _ values: [String: String]?) {
      for (key, value) in values ?? [:] { settings["\(section).\(key)"] = value }
    }
    add("optimizer", optimizer.canonical)
    add("schedule", schedule.canonical)
    add("gradient_clipping", gradientClipping?.canonical)
    add("early_stopping", earlyStopping?.canonical)
    add("initial_weights", initialWeights?.canonical)
    if labelSmoothing != 0 { settings["label_smoothing"] = "\(labelSmoothing)" }
    if let fold {
      settings["dataset.folds"] = "\(fold.count)"
      settings[Fold.axis] = "\(fold.number)"
    }
    settings["class_weights"] = classWeights.canonical
    if sampling != .all { settings["sampling"] = sampling.rawValue.quoted }
    if let dropout { settings["dropout"] = "\(dropout)" }
    if !valTransform.isEmpty { settings["val_transform"] = valTransformText }
    return settings
  }

  /// The steps of `val_transform` as JSON.
  package var valTransformText: String { Self.canonical(valTransform) }

  private static func canonical(_ steps: [AugmentStep]) -> String {
    "[\(steps.map(\.canonical).joined(separator: ", "))]"
  }

  /// The settings that determine the images of a batch, besides resolution, seed and data; cells
  /// with equal ones share their batches.
  var batchKey: String {
    let images = [augment, valTransform].map(Self.canonical).joined(separator: " ")
    return "\(fold?.number ?? 0) \(batchSize) \(shuffle) \(sampling.rawValue) \(images)"
  }
}

extension JSONField {
  fileprivate func channelFigures(
    _ what: String, positive: Bool = false
  ) throws(SweepError) -> [Double] {
    let fields = try elements()
    guard fields.count == 3 else {
      throw error("\(what) needs 3 numbers (red, green, blue), found \(fields.count)")
    }
    var figures: [Double] = []
    for field in fields {
      let isValid = { (figure: Double) in figure <= 1 && (positive ? figure > 0 : figure >= 0) }
      figures.append(
        try field.number(
          "a channel's \(what)",
          (positive ? "above 0 and at most 1" : "from 0 to 1") + ": pixels are fractions of 255",
          isValid))
    }
    return figures
  }
}
