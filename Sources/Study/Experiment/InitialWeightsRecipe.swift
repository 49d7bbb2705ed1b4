import Common
import Foundation
import Networks
import Weights

/// Trained weights that cells start from: the experiment file's `initial_weights`.
package struct InitialWeightsRecipe: Sendable, Equatable {
  enum Frozen: Sendable, Equatable {
    case nothing
    case features
    /// All before a stage; `place` is where the file names it, for errors.
    case before(stage: String, place: String)
  }

  /// The weights file, relative to the working directory; `{model}` and `{width}` stand for a
  /// cell's.
  let file: String
  let frozen: Frozen
  let head: WeightsTransfer.Head
  /// Where the file is named, for errors.
  let place: String

  static let keys = ["file", "head", "freeze", "unfreeze_from"]
  private static let heads = WeightsTransfer.Head.allCases.map(\.rawValue)
  /// The keys that can be an axis of the grid.
  static let axes: [(name: String, kind: Axis.Kind)] = [("unfreeze_from", .text)]

  /// What the section says; nil where it is absent.
  init?(_ section: RecipeSection) throws(SweepError) {
    guard !section.isEmpty else { return nil }
    let field = try section.required("file", advice: "name a safetensors file")
    file = try field.filePath()
    place = field.error("").location
    let head = try section["head"]?.name(of: "head", among: Self.heads)
    self.head = head.flatMap { WeightsTransfer.Head(rawValue: $0) } ?? .fit
    let freeze = try section["freeze"]?.name(of: "part", among: ["features", "none"])
    if let field = section["unfreeze_from"] {
      guard freeze == nil else {
        throw field.error("freeze says already what is frozen", advice: "remove one of the two")
      }
      frozen = .before(stage: try field.string(), place: field.error("").location)
    } else {
      frozen = freeze == "features" ? .features : .nothing
    }
  }

  func path(model: String, width: Double) -> String {
    file.replacing("{model}", with: model).replacing("{width}", with: Format.decimal(width))
  }

  /// How many of the network's nodes, from the first, stay as they are.
  func frozenNodes(of network: Network) throws(SweepError) -> Int {
    switch frozen {
    case .nothing: return 0
    case .features: return network.headStart
    case .before(let stage, let place):
      do {
        return try network.start(ofStage: stage)
      } catch {
        throw SweepError(.badInput, at: place, error.message, advice: error.advice)
      }
    }
  }

  /// The settings that affect results, by key; the file's contents are not among them.
  var canonical: [String: String] {
    var values = ["head": head.rawValue.quoted]
    switch frozen {
    case .nothing: break
    case .features: values["freeze"] = "\"features\""
    case .before(let stage, _): values["unfreeze_from"] = stage.quoted
    }
    return values
  }

  static func hash(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { SHA256.hash($0) }
  }
}

extension JSONField {
  /// A path that is relative to this file, made relative to the working directory.
  func filePath() throws(SweepError) -> String {
    let path = try string()
    guard !path.isEmpty, !path.contains("\0") else {
      throw error("\(path.quoted) is no path", advice: "name a file")
    }
    return InputFile.path(path, besides: file)
  }
}

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

  func checkTrainedWeights(for network: Network) throws(SweepError) {
    guard recipe.initialWeights != nil else { return }
    _ = try trainedWeights(
      for: network,
      initial: network.parameters.map {
        NamedTensor(name: $0.name, shape: $0.shape, values: .float32([]))
      })
  }
}
