import Common
import Networks
import Weights

extension Cell {
  /// The state that the cell starts from where its recipe names trained weights: theirs, and
  /// `initial` where they are for another number of classes.
  func trainedWeights(
    for network: Network, initial: [NamedTensor]
  ) throws(SweepError) -> [NamedTensor] {
    guard let weights = recipe.initialWeights, let path = weightsSource else { return initial }
    let file: Safetensors.Contents
    do {
      file = try Safetensors.read(path)
    } catch {
      throw SweepError(
        .badInput, at: weights.place, error.description,
        advice: error.advice.isEmpty ? "name a safetensors file" : "")
    }
    return try WeightsTransfer(file.tensors, to: network, head: weights.head, source: path)
      .state(initial: initial)
  }

  /// Refuses trained weights that do not fit the network.
  func checkTrainedWeights(for network: Network) throws(SweepError) {
    guard recipe.initialWeights != nil else { return }
    _ = try trainedWeights(
      for: network,
      initial: network.parameters.map {
        NamedTensor(name: $0.name, shape: $0.shape, values: .float32([]))
      })
  }
}
