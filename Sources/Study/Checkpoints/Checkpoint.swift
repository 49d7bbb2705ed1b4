import Common
import Engine
import Foundation
import Weights

/// All that a cell's training needs to go on, in one safetensors file.
///
/// It has the weights by PyTorch's names, the optimizer's state under names that begin with
/// `optimizer.`, and in the metadata the cell's recipe and how far training has come.
struct Checkpoint {
  struct Progress: Sendable, Equatable {
    var epoch = 0
    /// Steps of the epoch after these that are done.
    var step = 0
    var sums = BatchResult()
    var seconds = 0.0
    /// How long it has not got better, for early stopping.
    var patience = EarlyStopping.State()
  }

  /// The recipe and the SHA-256 of the initial weights.
  var identity: [String: String]
  var progress: Progress
  var weights: [NamedTensor]
  var optimizerState: [NamedTensor]

  private static let prefix = "optimizer."

  var contents: Safetensors.Contents {
    var metadata = identity
    metadata["epoch"] = "\(progress.epoch)"
    metadata["step"] = "\(progress.step)"
    metadata["loss_sum"] = "\(progress.sums.lossSum)"
    metadata["correct"] = "\(progress.sums.correct)"
    metadata["count"] = "\(progress.sums.count)"
    metadata["seconds"] = "\(progress.seconds)"
    if progress.patience != EarlyStopping.State() {
      metadata["best"] = progress.patience.best.map { "\($0)" }
      metadata["epochs_since_best"] = "\(progress.patience.waited)"
    }
    return Safetensors.Contents(tensors: weights + optimizerState, metadata: metadata)
  }
}

extension Checkpoint {
  init(_ file: Safetensors.Contents, path: String) throws(SweepError) {
    func number<T: LosslessStringConvertible>(_ key: String, _: T.Type) throws(SweepError) -> T {
      guard let text = file.metadata[key], let value = T(text) else {
        throw SweepError(
          .badInput, at: path, "the checkpoint has no valid \(key)",
          advice: "train the cell again with `sweep run --retrain-lost`")
      }
      return value
    }
    identity = file.metadata.filter { ["recipe", "initial_weights"].contains($0.key) }
    progress = Progress(
      epoch: try number("epoch", Int.self), step: try number("step", Int.self),
      sums: BatchResult(
        lossSum: try number("loss_sum", Double.self), correct: try number("correct", Int.self),
        count: try number("count", Int.self)),
      seconds: try number("seconds", Double.self))
    if file.metadata["epochs_since_best"] != nil {
      progress.patience = EarlyStopping.State(
        best: file.metadata["best"].flatMap { Double($0) },
        waited: try number("epochs_since_best", Int.self))
    }
    weights = file.tensors.filter { !$0.name.hasPrefix(Self.prefix) }
    optimizerState = file.tensors.filter { $0.name.hasPrefix(Self.prefix) }
  }
}
