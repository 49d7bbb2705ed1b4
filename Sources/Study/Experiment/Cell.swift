import Common
import Engine
import Networks
import Weights

/// One point of the grid with its recipe.
///
/// The result depends on nothing else.
package struct Cell: Sendable, Equatable {
  package struct Setting: Sendable, Equatable {
    package let axis: String
    package let value: AxisValue
  }

  /// The id, `mobilenet_v2-w0.35-r96-s0`, with further axes appended: `-lr0.01`.
  package let id: String
  package let model: String
  package let width: Double
  package let resolution: Int
  package let seed: Int
  package let settings: [Setting]
  /// The recipe, including the values of further axes.
  package let recipe: Recipe
  let architecture: Architecture

  /// `settings` is the part of the id for the further axes.
  static func id(
    _ model: String, width: Double, resolution: Int, seed: Int, settings: String
  ) -> String {
    "\(model)-w\(Format.decimal(width))-r\(resolution)-s\(seed)\(settings)"
  }

  /// The label of the initial weights, which all resolutions share: `mobilenet_v2-w0.35-s0`.
  ///
  /// If channel rounding is an axis, the label includes it.
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

  /// The training of `network` on images of which `data` tells the number; nil if it is unknown.
  package func trainingJob(
    _ network: Network, on data: DataSize? = nil
  ) throws(SweepError) -> TrainingJob {
    TrainingJob(
      network, name: id, resolution: resolution, batchSize: recipe.batchSize,
      settings: TrainingSettings(
        optimizer: recipe.optimizer.algorithm, labelSmoothing: recipe.labelSmoothing,
        classWeights: recipe.classWeights.weights(for: data), clipping: recipe.gradientClipping,
        frozenNodes: try recipe.initialWeights?.frozenNodes(of: network) ?? 0))
  }

  /// The weights file that the cell starts from; nil for random initialization.
  var weightsSource: String? { recipe.initialWeights?.path(model: model, width: width) }
}
