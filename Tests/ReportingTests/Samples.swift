import Common
import Foundation
import Results

/// A store in a folder of its own, there for one test.
final class Scratch: Sendable {
  let store: Store
  let folder: String

  init() throws {
    // Every epoch is synced to the disk; in memory that takes no time.
    let memory = "/dev/shm/"
    let parent = access(memory, W_OK) == 0 ? memory : NSTemporaryDirectory()
    folder = parent + "sweep-reporting-\(UUID().uuidString)"
    store = try Store.open(folder + "/sweep.sqlite")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var path: String { store.path }

  /// An experiment of two models, two widths, two resolutions, with a cell in every status.
  func fill(
    _ name: String = "animals10", seeds: [Int] = [0], axes: [[JSON.Member]] = [[]],
    claims: [Claim] = []
  ) throws {
    var cells: [CellDescription] = []
    for model in ["mobilenet_v1", "mobilenet_v2"] {
      for (width, params) in [(1.0, 2_236_682), (0.35, 410_471)] {
        for resolution in [224, 96] {
          for seed in seeds {
            for further in axes {
              let suffix = further.map { "-\($0.name)\($0.value.text)" }.joined()
              cells.append(
                CellDescription(
                  id: "\(model)-w\(width)-r\(resolution)-s\(seed)\(suffix)", model: model,
                  width: width, resolution: resolution, seed: seed, axes: further, params: params,
                  macs: 100_000 * resolution, flops: 200_000 * resolution,
                  thopMACs: model == "mobilenet_v1" ? nil : params, epochs: 3))
            }
          }
        }
      }
    }
    try store.register(
      ExperimentDescription(
        name: name, file: "{}", folder: name, cells: cells, claims: claims))
  }

  /// Trains a cell on paper: its accuracies by epoch, and how it ends (nil: it still runs).
  func train(
    _ id: String, of experiment: String = "animals10", accuracies: [Double], loss: Double = 1.5,
    _ outcome: RunOutcome?, process: Int = 7
  ) throws {
    guard
      let cell = try store.cells(of: experiment).first(where: { $0.description.id == id })
    else { throw SweepError(.runFailed, "no cell \(id)") }
    let run = try store.begin(
      RunDescription(
        host: "box", processID: process, operatingSystem: "Linux", processor: "p", vectorBits: 256,
        threads: 2, programVersion: "0", gitCommit: nil, gitIsDirty: nil, libraries: [:],
        initialWeightsSHA256: "0", dataFingerprint: "0", resumedEpochs: 0), of: cell)
    for (index, accuracy) in accuracies.enumerated() {
      try store.record(
        EpochRecord(
          epoch: index + 1, trainLoss: loss, trainAccuracy: accuracy + 0.0625,
          valLoss: 1 / accuracy, valAccuracy: accuracy, learningRate: 0.001, trainSeconds: 8,
          valSeconds: 0.5, imagesPerSecond: 640.0 / 3), of: run)
    }
    if let outcome { try store.finish(run, outcome) }
  }

  /// Adds a test of a trained cell's final weights.
  func test(_ id: String, loss: Double, accuracy: Double) throws {
    guard
      let cell = try store.cells(of: "animals10").first(where: { $0.description.id == id })
    else { throw SweepError(.runFailed, "no cell \(id)") }
    let run = try store.begin(
      RunDescription(
        host: "box", processID: 7, operatingSystem: "Linux", processor: "p", vectorBits: 256,
        threads: 2, programVersion: "0", gitCommit: nil, gitIsDirty: nil, libraries: [:],
        initialWeightsSHA256: "0", dataFingerprint: "0", resumedEpochs: cell.completedEpochs),
      of: cell)
    try store.record(
      testLoss: loss, testAccuracy: accuracy, epoch: cell.completedEpochs, of: run)
    try store.finish(run, .done)
  }

  /// The experiment with cells in every status.
  func fillWithEveryStatus() throws {
    try fill()
    try train("mobilenet_v1-w1.0-r224-s0", accuracies: [0.5, 0.75, 0.625], .done)
    try train("mobilenet_v1-w1.0-r96-s0", accuracies: [0.25, 0.5, 0.5], .done)
    try train("mobilenet_v1-w0.35-r224-s0", accuracies: [0.1], loss: .nan, .diverged("loss is NaN"))
    try train("mobilenet_v1-w0.35-r96-s0", accuracies: [], .failed("a.jpeg: is gone"))
    try train("mobilenet_v2-w1.0-r224-s0", accuracies: [0.2, 0.3], nil)
    try train("mobilenet_v2-w1.0-r96-s0", accuracies: [0.125], .interrupted)
    try train("mobilenet_v2-w0.35-r224-s0", accuracies: [], nil, process: 8)
  }
}

/// The error that `body` throws; nil where it throws none.
func failure(_ body: () throws -> Void) -> SweepError? {
  do {
    try body()
    return nil
  } catch {
    return error as? SweepError
  }
}
