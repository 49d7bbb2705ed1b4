import Common
import Engine
import Foundation
import Weights

/// The state needed to resume a cell's training, in one safetensors file.
///
/// Weights have PyTorch's names; optimizer state has names that begin with `optimizer.`; the
/// metadata holds the cell's recipe and progress.
struct Checkpoint {
  struct Progress: Sendable, Equatable {
    var epoch = 0
    /// Completed steps of the next epoch.
    var step = 0
    var sums = BatchResult()
    var seconds = 0.0
    /// The early-stopping state.
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
