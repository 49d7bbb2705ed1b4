import Common
import Foundation
import GRDB

@testable import Results

/// A folder that is there for one test.
final class Scratch: Sendable {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "sweep-results-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var store: String { folder + "/sweep.sqlite" }

  func write(_ text: String, to name: String) throws -> String {
    let path = folder + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }
}

extension CellDescription {
  static func sample(
    _ id: String, model: String = "mobilenet_v2", width: Double = 0.35, resolution: Int = 96,
    seed: Int = 0, axes: [JSON.Member] = [], thopMACs: Int? = 120, epochs: Int = 3,
    recipe: [String: JSON] = [:]
  ) -> CellDescription {
    CellDescription(
      id: id, recipe: CellRecipe(recipe.merging(["model": .string(id)]) { $1 }), model: model,
      width: width, resolution: resolution, seed: seed, axes: axes,
      params: 10, macs: 100, flops: 200, thopMACs: thopMACs, epochs: epochs)
  }
}

extension ExperimentDescription {
  static func sample(
    _ cells: [CellDescription], name: String = "animals10"
  ) -> ExperimentDescription {
    ExperimentDescription(name: name, file: "{\"name\":\"\(name)\"}", folder: name, cells: cells)
  }
}

extension RunDescription {
  static func sample(resumedEpochs: Int = 0) -> RunDescription {
    RunDescription(
      host: "here", processID: 1, operatingSystem: "Linux", processor: "a processor",
      vectorBits: 256, threads: 2, programVersion: "0.1.0", gitCommit: nil, gitIsDirty: nil,
      libraries: ["sqlite": "3.40.1"], initialWeightsSHA256: "00", dataFingerprint: "11",
      resumedEpochs: resumedEpochs)
  }
}

extension EpochRecord {
  static func sample(
    _ epoch: Int, trainLoss: Double = 2, valLoss: Double? = 2.25, valAccuracy: Double? = 0.5
  ) -> EpochRecord {
    EpochRecord(
      epoch: epoch, trainLoss: trainLoss, trainAccuracy: 0.25, valLoss: valLoss,
      valAccuracy: valAccuracy, learningRate: 0.001, trainSeconds: 8,
      valSeconds: valAccuracy == nil ? nil : 2, imagesPerSecond: 100)
  }
}

extension Store {
  /// The one cell of that id.
  func cell(_ id: String, of experiment: String = "animals10") throws -> CellRecord {
    guard let cell = try cells(of: experiment).first(where: { $0.description.id == id }) else {
      throw SweepError(.runFailed, "no cell \(id)")
    }
    return cell
  }

  /// Trains a cell on paper.
  func train(_ id: String, epochs: ClosedRange<Int>, _ outcome: RunOutcome = .done) throws {
    let run = try begin(.sample(resumedEpochs: epochs.lowerBound - 1), of: cell(id))
    for epoch in epochs { try record(.sample(epoch), of: run) }
    try finish(run, outcome)
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
