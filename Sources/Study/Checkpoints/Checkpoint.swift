import Common
import Engine
import Foundation
import Weights

/// All that a cell's training needs to go on, in one safetensors file.
///
/// It has the weights by PyTorch's names, the optimiser's state under names that begin with
/// `optimizer.`, and in the metadata how far training had come and a checksum of all the rest.
struct Checkpoint {
  /// How far training has come.
  struct Progress: Sendable, Equatable {
    /// Epochs that are complete.
    var epoch = 0
    /// Steps of the epoch after these that are done.
    var step = 0
    /// What those steps came to.
    var sums = BatchResult()
    /// How long those steps took.
    var seconds = 0.0
    /// How long it has not got better, for early stopping.
    var patience = EarlyStopping.State()
  }

  /// Which cell under which recipe it belongs to; a checkpoint of another one is refused.
  var identity: [String: String]
  var progress: Progress
  var weights: [NamedTensor]
  var optimizerState: [NamedTensor]

  private static let prefix = "optimizer."
  /// The metadata's key of the checksum.
  static let checksumKey = "checksum"
  private static let advice = "remove it to train the cell anew"

  init(
    identity: [String: String], progress: Progress, weights: [NamedTensor],
    optimizerState: [NamedTensor]
  ) {
    self.identity = identity
    self.progress = progress
    self.weights = weights
    self.optimizerState = optimizerState
  }

  /// The bytes of its file.
  func encode() -> Data {
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
    var contents = Safetensors.Contents(tensors: weights + optimizerState, metadata: metadata)
    contents.metadata[Self.checksumKey] = Self.checksum(of: contents)
    return Safetensors.encode(contents)
  }

  /// Reads a file's bytes; `path` is its place, for errors.
  ///
  /// Throws where it is cut short, where a bit has changed, and where it belongs to something else.
  init(_ data: Data, path: String, identity: [String: String]) throws(SweepError) {
    var file: Safetensors.Contents
    do {
      file = try Safetensors.decode(data, source: path)
    } catch {
      throw SweepError(.badInput, at: error.location, error.message, advice: Self.advice)
    }
    let stated = file.metadata.removeValue(forKey: Self.checksumKey)
    guard let stated, stated == Self.checksum(of: file) else {
      throw SweepError(
        .badInput, at: path, "the checkpoint is damaged: its checksum is wrong",
        advice: Self.advice)
    }
    try self.init(file, path: path, identity: identity)
  }

  /// Takes a file's contents, its checksum checked and gone.
  init(
    _ file: Safetensors.Contents, path: String, identity: [String: String]
  ) throws(SweepError) {
    for (key, value) in identity where file.metadata[key] != value {
      throw SweepError(
        .badInput, at: path, "the checkpoint belongs to another \(key)", advice: Self.advice)
    }
    func number<T: LosslessStringConvertible>(_ key: String, _: T.Type) throws(SweepError) -> T {
      guard let text = file.metadata[key], let value = T(text) else {
        throw SweepError(
          .badInput, at: path, "the checkpoint has no valid \(key)", advice: Self.advice)
      }
      return value
    }
    self.identity = identity
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

  /// What a file's metadata say of whom it belongs to.
  static func identity(in metadata: [String: String]) -> [String: String] {
    let own = ["epoch", "step", "loss_sum", "correct", "count", "seconds", checksumKey]
    return metadata.filter { !own.contains($0.key) }
  }

  /// SHA-256 of the file as it would be without its checksum: the same contents give the same
  /// bytes.
  private static func checksum(of contents: Safetensors.Contents) -> String {
    SHA256.hash(Safetensors.encode(contents))
  }
}
