import Common
import Engine
import Networks
import Weights

/// One point of the grid: what is trained, and by which recipe.
///
/// A cell's result depends on the cell alone.
package struct Cell: Sendable, Equatable {
  package struct Setting: Sendable, Equatable {
    package let axis: String
    package let value: AxisValue
  }

  /// The id, `mobilenet_v2-w0.35-r96-s0`, further axes appended: `-lr0.01`.
  package let id: String
  package let model: String
  package let width: Double
  package let resolution: Int
  package let seed: Int
  /// The values of the further axes, in the grid's order.
  package let settings: [Setting]
  /// How it is trained, the further axes' values taken in.
  package let recipe: Recipe
  let architecture: Architecture

  /// The id of a cell; `settings` are the further axes' part of it.
  static func id(
    _ model: String, width: Double, resolution: Int, seed: Int, settings: String
  ) -> String {
    "\(model)-w\(Format.decimal(width))-r\(resolution)-s\(seed)\(settings)"
  }

  /// The label of its initial weights, which every resolution starts from: `mobilenet_v2-w0.35-s0`.
  ///
  /// Where the rounding of channels is an axis, it is part of the label.
  package var initialWeightsName: String {
    let rounding =
      settings.contains { $0.axis == "channels" } ? "-\(recipe.channels.rawValue)" : ""
    return "\(model)-w\(Format.decimal(width))-s\(seed)\(rounding)"
  }

  package func value(on axis: String) -> AxisValue? {
    switch axis {
    case "model": .text(model)
    case "width": .number(width)
    case "resolution": .integer(resolution)
    case "seed": .integer(seed)
    default: settings.first { $0.axis == axis }?.value
    }
  }

  package func network(classes: Int) throws(SweepError) -> Network {
    try architecture.network(
      width: width, classes: classes, rounding: recipe.channels,
      dropout: recipe.dropout.map { Float($0) })
  }

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
