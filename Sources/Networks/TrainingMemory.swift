import Common

/// An estimate of the memory for training on one batch, in bytes.
///
/// It follows the CPU engine: feature maps are float32, with channels padded to whole vectors. A
/// layer's output is kept until its backward pass; a feature map's gradient lives from the backward
/// pass of its last reader to that of its producer.
package struct TrainingMemory: Sendable, Equatable {
  /// Weights, gradients and the optimizer's two moments.
  package var parameters: Int
  /// The image batch and the feature maps kept by the forward pass.
  package var activations: Int
  /// The gradients of feature maps at the time of peak memory.
  package var gradients: Int

  package var total: Int { parameters + activations + gradients }
}

extension Network {
  /// The peak bytes of live feature maps while classifying one image.
  ///
  /// This is what a device needs besides the weights: float32 without padding; a convolution with
  /// its batch normalization and activation is one layer, and a map lives from its producer to its
  /// last reader. Throws as `at(resolution:)` does.
  package func activationBytes(resolution: Int) throws(SweepError) -> Int {
    let bytes = try shapes(resolution: resolution).map { 4 * $0.count }
    var lastReader = [Int](repeating: 0, count: bytes.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { lastReader[input] = index }
    }
    var live = bytes[0]
    var peak = live
    for index in nodes.indices {
      live += bytes[index + 1]
      peak = max(peak, live)
      for value in 0...index where lastReader[value] == index { live -= bytes[value] }
    }
    return peak
  }

  /// The memory for training on a batch of `batchSize` images of `resolution × resolution`; `lanes`
  /// is the number of floats in a vector.
  ///
  /// Throws as `at(resolution:)` does.
  package func trainingMemory(
    resolution: Int, batchSize: Int, lanes: Int = 8
  ) throws(SweepError) -> TrainingMemory {
    let shapes = try shapes(resolution: resolution)
    let bytes = shapes.map {
      ($0.channels + lanes - 1) / lanes * lanes * $0.height * $0.width * batchSize * 4
    }
    let images = shapes[0].count * batchSize * 4
    let activations = images + bytes.dropFirst().reduce(0, +)
    var live = activations + bytes[nodes.count]
    var peak = live
    var hasGradient = [Bool](repeating: false, count: bytes.count)
    for (index, node) in nodes.enumerated().reversed() {
      for input in node.inputs where input > 0 && !hasGradient[input] {
        hasGradient[input] = true
        live += bytes[input]
      }
      peak = max(peak, live)
      live -= 2 * bytes[index + 1]
    }
    let trainable = try cost(resolution: resolution).params
    return TrainingMemory(
      parameters: 4 * 4 * trainable, activations: activations, gradients: peak - activations)
  }
}
