import Common
import Foundation
import Networks
import Results
import Weights

/// The initial-weights files: one per (model, width, seed), shared by all resolutions.
struct InitialWeightsFiles {
  let setup: SweepSetup
  let folder: ResultFolder
  /// SHA-256 of the weights that the file was derived from.
  private static let sourceKey = "source_sha256"

  /// Creates missing files and checks existing ones; returns their SHA-256 by the SHA-256 of the
  /// initial weights' recipe.
  func prepare(_ items: [Plan.Item], records: [String: CellRecord]) throws(SweepError) -> [String:
    String]
  {
    var used: [CellRecipe: (hash: String, cell: String)] = [:]
    for item in setup.plan.items {
      guard let record = records[item.cell.id], record.completedEpochs > 0, let run = record.lastRun
      else { continue }
      used[item.recipe.initialWeights] = (run.initialWeightsSHA256, item.cell.id)
    }
    var hashes: [String: String] = [:]
    for item in items {
      let recipe = item.recipe.initialWeights
      guard hashes[recipe.sha256] == nil else { continue }
      let file = try WeightsFile.place(
        .initial, of: recipe, in: setup.plan.experiment.name,
        name: "\(folder.name)/initial/\(item.cell.initialWeightsName)",
        store: setup.store, files: setup.files)
      let hash = try prepare(file, item, isUsed: used[recipe] != nil)
      if let before = used[recipe], before.hash != hash {
        throw SweepError(
          .badInput, at: file.path,
          "these initial weights differ from those that \(before.cell) was trained from",
          advice: "put the file back, or give the experiment another name")
      }
      hashes[recipe.sha256] = hash
    }
    return hashes
  }

  /// Returns a file's SHA-256, creating the file if needed; creation is deterministic.
  private func prepare(
    _ file: WeightsFile, _ item: Plan.Item, isUsed: Bool
  ) throws(SweepError) -> String {
    if let hash = file.record.sha256, file.exists {
      let contents = try file.contents()
      if try isFit(contents, file.path, item, isUsed: isUsed) { return hash }
    }
    let data = Safetensors.encode(try contents(item))
    let hash = SHA256.hash(data)
    if isUsed, let recorded = file.record.sha256, recorded != hash {
      throw SweepError(
        .badInput, at: file.path,
        "the initial weights of trained cells are missing and cannot be recreated",
        advice: "put the file back, or give the experiment another name")
    }
    var record = file.record
    record.sha256 = hash
    record.bytes = data.count
    record.epoch = 0
    // Recorded first: anyone who finds no file creates the same one.
    try setup.store.record(record) { () throws(SweepError) in
      try setup.files.write(data, to: file.path)
    }
    return hash
  }

  private func contents(_ item: Plan.Item) throws(SweepError) -> Safetensors.Contents {
    let cell = item.cell
    var tensors = InitialWeights.make(for: item.network, seed: UInt64(cell.seed))
    var metadata = [
      "model": cell.model, "width": Format.decimal(cell.width), "seed": "\(cell.seed)",
      "classes": "\(item.network.classes)",
    ]
    if let source = cell.weightsSource {
      tensors = try cell.trainedWeights(for: item.network, initial: tensors)
      metadata[Self.sourceKey] = InitialWeightsRecipe.hash(source)
    }
    return Safetensors.Contents(tensors: tensors, metadata: metadata)
  }

  /// Whether a file fits the network and derives from the right weights; false if it must be
  /// recreated.
  ///
  /// Throws if cells were already trained from it.
  private func isFit(
    _ file: Safetensors.Contents, _ path: String, _ item: Plan.Item, isUsed: Bool
  ) throws(SweepError) -> Bool {
    let network = item.network
    var problem: String?
    if let source = item.cell.weightsSource, let hash = InitialWeightsRecipe.hash(source),
      file.metadata[Self.sourceKey] != hash
    {
      problem = "these initial weights were not derived from \(source)"
    }
    let shapes = Dictionary(file.tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { $1 })
    for spec in network.parameters where problem == nil && shapes[spec.name] != spec.shape {
      let found = shapes[spec.name].map { "is \($0)" } ?? "is missing"
      problem =
        "\(spec.name) \(found) where \(network.name) at width \(Format.decimal(network.width))"
        + " with \(network.classes) classes has \(spec.shape)"
    }
    guard let problem, isUsed else { return problem == nil }
    throw SweepError(
      .badInput, at: path, problem,
      advice: "undo the change, or give the experiment another name")
  }
}
