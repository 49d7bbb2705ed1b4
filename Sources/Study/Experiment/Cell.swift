import Common
import Engine
import Networks
import Weights

/// One point of the grid: what is trained, and by which recipe.
///
/// A cell's result depends on the cell alone.
package struct Cell: Sendable, Equatable {
  /// The value of one further axis.
  package struct Setting: Sendable, Equatable {
    /// The axis: `optimizer.lr`.
    package let axis: String
    /// Its value in this cell.
    package let value: AxisValue
  }

  /// The id, `mobilenet_v2-w0.35-r96-s0`, further axes appended: `-lr0.01`.
  package let id: String
  /// The network's name.
  package let model: String
  /// The width multiplier α.
  package let width: Double
  /// The input resolution ρ in pixels.
  package let resolution: Int
  /// The seed of every random draw.
  package let seed: Int
  /// The values of the further axes, in the grid's order.
  package let settings: [Setting]
  /// How it is trained, the further axes' values taken in.
  package let recipe: Recipe
  /// The network at any width.
  let architecture: Architecture

  init(
    model: String, width: Double, resolution: Int, seed: Int, settings: [Setting],
    settingsID: String, recipe: Recipe, architecture: Architecture
  ) {
    self.init(
      id: "\(model)-w\(AxisValue.decimal(width))-r\(resolution)-s\(seed)\(settingsID)",
      model: model, width: width, resolution: resolution, seed: seed, settings: settings,
      recipe: recipe, architecture: architecture)
  }

  init(
    id: String, model: String, width: Double, resolution: Int, seed: Int, settings: [Setting],
    recipe: Recipe, architecture: Architecture
  ) {
    self.id = id
    self.model = model
    self.width = width
    self.resolution = resolution
    self.seed = seed
    self.settings = settings
    self.recipe = recipe
    self.architecture = architecture
  }

  /// The label of its initial weights, which every resolution starts from: `mobilenet_v2-w0.35-s0`.
  ///
  /// Where the rounding of channels is an axis, it is part of the label.
  package var initialWeightsName: String {
    let rounding =
      settings.contains { $0.axis == "channels" } ? "-\(recipe.channels.rawValue)" : ""
    return "\(model)-w\(AxisValue.decimal(width))-s\(seed)\(rounding)"
  }

  /// The value on an axis of the grid.
  package func value(on axis: String) -> AxisValue? {
    switch axis {
    case "model": .text(model)
    case "width": .number(width)
    case "resolution": .integer(resolution)
    case "seed": .integer(seed)
    default: settings.first { $0.axis == axis }?.value
    }
  }

  /// The network for `classes` classes.
  package func network(classes: Int) throws(SweepError) -> Network {
    try architecture.network(
      width: width, classes: classes, rounding: recipe.channels,
      dropout: recipe.dropout.map { Float($0) })
  }

  /// The training of its network, made by `network(classes:)`.
  package func trainingJob(_ network: Network) throws(SweepError) -> TrainingJob {
    TrainingJob(
      network, name: id, resolution: resolution, batchSize: recipe.batchSize,
      settings: TrainingSettings(
        optimizer: recipe.optimizer.algorithm, labelSmoothing: recipe.labelSmoothing,
        clipping: recipe.gradientClipping,
        frozenNodes: try recipe.initialWeights?.frozenNodes(of: network) ?? 0))
  }

  /// The weights file that it starts from; nil where its weights are drawn.
  var weightsSource: String? { recipe.initialWeights?.path(model: model, width: width) }
}
