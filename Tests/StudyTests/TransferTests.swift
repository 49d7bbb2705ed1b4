import Common
import Engine
import Foundation
import Results
import Testing
import Weights

@testable import Study

/// Sweeps that start from trained weights.
@Suite struct TransferTests {
  private let workshop: Workshop
  private var weights: String { workshop.path + "/weights.safetensors" }

  init() throws {
    workshop = try Workshop()
  }

  private func file(
    _ path: String? = nil, further: String = "", models: [String] = ["mobilenet_v2"]
  ) -> String {
    Workshop.file(
      models: models, resolutions: [64],
      settings: #""initial_weights": {"file": "\#(path ?? weights)"\#(further)}"#)
  }

  /// Writes weights of a network as a program that trained it would.
  private func write(_ model: String, width: Double, classes: Int, seed: Int, to path: String)
    throws
  {
    let text = Workshop.file(models: [model], resolutions: [64]).replacing(
      "[0.1]", with: "[\(width)]")
    let cell = try #require(try Experiment(bytes: Array(text.utf8), file: "x.json").cells.first)
    let tensors = InitialWeights.make(
      for: try cell.network(classes: classes), seed: UInt64(seed))
    try Safetensors.write(.init(tensors: tensors), to: path)
  }

  @Test("Cells start from the file's weights, but for a head of other classes")
  func starts() throws {
    try write("mobilenet_v2", width: 0.1, classes: 7, seed: 5, to: weights)
    try workshop.run(file())
    let initial = try #require(
      try workshop.files().first { $0.key.hasPrefix("initial") }?.value.tensors)
    let source = try Safetensors.read(weights).tensors
    let known = Dictionary(uniqueKeysWithValues: source.map { ($0.name, $0) })
    for tensor in initial where !tensor.name.hasPrefix("classifier") {
      #expect(tensor == known[tensor.name])
    }
    let head = try #require(initial.first { $0.name == "classifier.2.bias" })
    #expect(head.shape == [3])
    let recipe = try #require(
      try Store.read(workshop.store).cells(of: "trial").first?.description.recipe)
    let hash = SHA256.hash(try Data(contentsOf: URL(filePath: weights)))
    #expect(recipe.settings["initial_weights.sha256"] == .string(hash))
  }

  @Test("Other weights under the same name are another recipe")
  func changed() throws {
    try write("mobilenet_v2", width: 0.1, classes: 3, seed: 5, to: weights)
    try workshop.run(file())
    try write("mobilenet_v2", width: 0.1, classes: 3, seed: 6, to: weights)
    let error = try #require(throws: SweepError.self) { try workshop.run(file()) }
    #expect(error.description.contains("initial_weights.sha256 was"), "\(error)")
  }

  @Test("Each model and width can have a file of its own, which must stay what it was")
  func files() throws {
    let path = workshop.path + "/{model}-{width}.safetensors"
    let models = ["mobilenet_v1", "mobilenet_v2"]
    for model in models {
      try write(
        model, width: 0.1, classes: 3, seed: 5,
        to: workshop.path + "/\(model)-0.1.safetensors")
    }
    try workshop.run(file(path, models: ["mobilenet_v1"]))
    // Another model is a larger grid, no other recipe.
    try workshop.run(file(path, models: models))
    #expect(try workshop.statuses().values.allSatisfy { $0 == .done })
    try write(
      "mobilenet_v1", width: 0.1, classes: 3, seed: 6,
      to: workshop.path + "/mobilenet_v1-0.1.safetensors")
    let longer = file(path, models: models).replacing("\"epochs\": 2", with: "\"epochs\": 3")
    let error = try #require(throws: SweepError.self) { try workshop.run(longer) }
    #expect(error.description.contains("initial_weights.sha256 was"), "\(error)")
  }

  @Test("What cannot be taken over is refused in one line before any work starts")
  func refuses() throws {
    let place = "trial.json:5: $.initial_weights.file: "
    let none = try #require(throws: SweepError.self) { try workshop.run(file()) }
    #expect(
      none.description.hasPrefix("\(place)\(weights): cannot open the file: No such file"),
      "\(none)")
    try write("mobilenet_v2", width: 0.2, classes: 3, seed: 5, to: weights)
    let other = try #require(throws: SweepError.self) { try workshop.run(file()) }
    #expect(
      other.description.hasPrefix("\(weights): does not fit mobilenet_v2 at width 0.1 with 3"),
      "\(other)")
    try write("mobilenet_v2", width: 0.1, classes: 7, seed: 5, to: weights)
    let head = try #require(throws: SweepError.self) {
      try workshop.run(file(further: #", "head": "keep""#))
    }
    #expect(head.description.contains("2 of another shape (classifier.2.weight is [7, "), "\(head)")
    #expect(workshop.batches.given == 0)
  }
}
