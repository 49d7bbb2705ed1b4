import Common
import Foundation
import Networks
import Results
import Weights

/// The files of initial weights: one a (model, width, seed), which every resolution starts from.
struct InitialWeightsFiles {
  let context: RunContext
  /// SHA-256 of the weights that a file was made from.
  private static let sourceKey = "source_sha256"

  /// Makes those that are missing and checks those that are there; gives their SHA-256 by name.
  ///
  /// Throws where a file is not what cells of this experiment were trained from.
  func prepare(_ items: [Plan.Item], records: [String: CellRecord]) throws(SweepError) -> [String:
    String]
  {
    var used: [String: (hash: String, cell: String)] = [:]
    for item in context.plan.items {
      guard let record = records[item.cell.id], record.completedEpochs > 0, let run = record.lastRun
      else { continue }
      used[item.cell.initialWeightsName] = (run.initialWeightsSHA256, item.cell.id)
    }
    var hashes: [String: String] = [:]
    for item in items where hashes[item.cell.initialWeightsName] == nil {
      let name = item.cell.initialWeightsName
      let path = context.folder.initialWeights(of: item.cell)
      if !FileManager.default.fileExists(atPath: path) { try write(item, to: path) }
      try check(path, item)
      let hash = try Self.hash(path)
      if let before = used[name], before.hash != hash {
        throw SweepError(
          .badInput, at: path,
          "these initial weights are not those that \(before.cell) was trained from",
          advice: "put the file back, or give the experiment another name")
      }
      hashes[name] = hash
    }
    return hashes
  }

  private func write(_ item: Plan.Item, to path: String) throws(SweepError) {
    let cell = item.cell
    var tensors = InitialWeights.make(for: item.network, seed: UInt64(cell.seed))
    var metadata = [
      "model": cell.model, "width": AxisValue.decimal(cell.width), "seed": "\(cell.seed)",
      "classes": "\(item.network.classes)",
    ]
    if let source = cell.weightsSource {
      tensors = try cell.trainedWeights(for: item.network, initial: tensors)
      metadata[Self.sourceKey] = InitialWeightsRecipe.hash(source)
    }
    try Safetensors.write(Safetensors.Contents(tensors: tensors, metadata: metadata), to: path)
  }

  /// Refuses a file that does not fit the network, or was made from other weights.
  private func check(_ path: String, _ item: Plan.Item) throws(SweepError) {
    let network = item.network
    let file = try Safetensors.read(path)
    if let source = item.cell.weightsSource, let hash = InitialWeightsRecipe.hash(source),
      file.metadata[Self.sourceKey] != hash
    {
      throw SweepError(
        .badInput, at: path, "these initial weights were made from others than \(source)",
        advice: "put that file back, or give the experiment another name")
    }
    let shapes = Dictionary(file.tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { $1 })
    for spec in network.parameters where shapes[spec.name] != spec.shape {
      let found = shapes[spec.name].map { "is \($0)" } ?? "is missing"
      throw SweepError(
        .badInput, at: path,
        "\(spec.name) \(found) where \(network.name) at width \(AxisValue.decimal(network.width))"
          + " with \(network.classes) classes has \(spec.shape)",
        advice: "remove the file to have it made anew")
    }
  }

  private static func hash(_ path: String) throws(SweepError) -> String {
    SHA256.hash(try FileContents.read(path))
  }
}
