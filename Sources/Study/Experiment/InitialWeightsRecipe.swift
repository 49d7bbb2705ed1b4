import Common
import Foundation
import Networks
import Weights

/// The experiment file's `initial_weights`: trained weights that cells start from.
package struct InitialWeightsRecipe: Sendable, Equatable {
  enum Frozen: Sendable, Equatable {
    case nothing
    case features
    /// Everything before a stage; `place` is its location in the file, for errors.
    case before(stage: String, place: String)
  }

  /// The weights file, relative to the working directory; `{model}` and `{width}` are replaced by
  /// the cell's values.
  let file: String
  let frozen: Frozen
  let head: WeightsTransfer.Head
  /// The location of the file name in the experiment, for errors.
  let place: String

  static let keys = ["file", "head", "freeze", "unfreeze_from"]
  private static let heads = WeightsTransfer.Head.allCases.map(\.rawValue)
  /// The keys that can be a grid axis.
  static let axes: [(name: String, kind: Axis.Kind)] = [("unfreeze_from", .text)]

  /// Reads the section; nil if it is absent.
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
        throw field.error("freeze already determines what is frozen", advice: "remove one")
      }
      frozen = .before(stage: try field.string(), place: field.error("").location)
    } else {
      frozen = freeze == "features" ? .features : .nothing
    }
  }

  func path(model: String, width: Double) -> String {
    file.replacing("{model}", with: model).replacing("{width}", with: Format.decimal(width))
  }

  /// The number of leading network nodes that are frozen.
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

  /// The settings that affect results, by key; the file's contents are separate.
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
  /// Resolves the path relative to the working directory.
  func filePath() throws(SweepError) -> String {
    let path = try string()
    guard !path.isEmpty, !path.contains("\0") else {
      throw error("\(path.quoted) is not a path", advice: "name a file")
    }
    return InputFile.path(path, besides: file)
  }
}

extension Cell {
  /// The trained weights that the recipe names, with the classifier from `initial` if the number of
  /// classes differs.
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
