import Common
import Engine
import Foundation
import Images
import Networks
import Results
import Testing
import Weights

@testable import Study

/// The files of `experiments/`.
@Suite struct ExperimentFilesTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "experiments").path

  @Test("animals10.json is the study: 60 cells, its order, its recipe")
  func study() throws {
    let study = try Experiment(contentsOf: Self.folder + "/animals10.json")
    #expect(study.cells.count == 60)
    #expect(study.cells.first?.id == "mobilenet_v1-w1.0-r224-s0")
    #expect(study.cells.last?.id == "c_mobilenet_v2-w0.35-r96-s0")
    #expect(study.epochs == 10)
    #expect(study.recipe.batchSize == 192)
    #expect(study.recipe.shuffle)
    #expect(
      study.recipe.optimizer.algorithm.isEqual(
        to: Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)))
    #expect(study.recipe.optimizer.learningRate == 0.001)
    #expect(!study.recipe.optimizer.carryOver)
    #expect(
      study.recipe.augment.map(\.canonical) == [
        #"{"RandomHorizontalFlip": {"p": 0.5}}"#,
        #"{"ColorJitter": {"brightness": 0.4, "contrast": 0.4, "hue": 0.1, "saturation": 0.4}}"#,
        #"{"RandomAffine": {"degrees": [30, 70], "scale": [0.5, 0.75], "translate": [0.1, 0.3]}}"#,
      ])
    #expect(study.recipe.mean == [0.5177, 0.5003, 0.4126])
    #expect(study.recipe.std == [0.2133, 0.2130, 0.2149])
    #expect(
      study.claims.map(\.kind) == [
        .lighter, .moreAccurate, .moreAccurateAtEqualFLOPs, .moreAccurate,
      ])
  }

  @Test("quickstart.json has 3 models, 2 widths and 2 resolutions")
  func quickstart() throws {
    let quickstart = try Experiment(contentsOf: Self.folder + "/quickstart.json")
    #expect(quickstart.grid.axes.map(\.entries.count) == [3, 2, 2, 1])
    #expect(quickstart.cells.count == 12)
  }

  /// The parameters of each network at width 1 with a thousand classes, the number that each is known by.
  @Test(
    "The experiments on other networks plan them",
    arguments: [
      ("mobilenet_v1_keras", "mobilenet_v1_keras", 4, 4_242_856),
      ("mobilenet_v2_tf", "mobilenet_v2_tf", 8, 3_523_048),
      ("mobilenet_v1_table", "mobilenet_v1_biased_tail", 8, 4_219_720),
      ("mobilenet_v3", "mobilenet_v3_large", 36, 5_481_198),
      ("mobilenet_v3", "mobilenet_v3_small", 36, 2_537_238),
    ])
  func otherNetworks(file: String, model: String, cells: Int, params: Int) throws {
    let experiment = try Experiment(contentsOf: Self.folder + "/\(file).json")
    #expect(experiment.cells.count == cells)
    let plan = try Plan(
      experiment, data: DataSize(classes: 1000, trainImages: 21000, valImages: 5000),
      engine: FakeEngine())
    let item = try #require(plan.items.first { $0.cell.model == model && $0.cell.width == 1 })
    #expect(item.cost.params == params)
  }

  @Test("The schema names exactly the networks there are")
  func networks() throws {
    let bytes = try Data(contentsOf: URL(filePath: Self.folder + "/schema.json"))
    let value = try JSONParser.parse(Array(bytes), file: "schema.json")
    guard
      case .array(let choices) = value.member("$defs")?.value.member("model")?.value
        .member("anyOf")?.value.kind,
      case .array(let names) = choices.first?.member("enum")?.value.kind
    else {
      Issue.record("the schema does not list the networks")
      return
    }
    #expect(names.map { $0.canonical().text } == Architecture.names.map(\.quoted))
  }

  @Test(
    "The schema names exactly the augmentations and their parameters",
    arguments: Augmentations.names)
  func augmentations(name: String) throws {
    let bytes = try Data(contentsOf: URL(filePath: Self.folder + "/schema.json"))
    var value = try JSONParser.parse(Array(bytes), file: "schema.json")
    for key in ["properties", "augment", "items", "properties"] {
      value = try #require(value.member(key)?.value)
    }
    guard case .object(let operations) = value.kind,
      case .object(let parameters)? = value.member(name)?.value.member("properties")?.value.kind
    else {
      Issue.record("the schema does not describe \(name)")
      return
    }
    #expect(operations.map(\.key).sorted() == Augmentations.names.sorted())
    #expect(
      parameters.map(\.key).sorted() == Augmentations.parameterNames(of: name)?.sorted())
  }

  @Test("The schema names exactly the kinds of claims")
  func claims() throws {
    let bytes = try Data(contentsOf: URL(filePath: Self.folder + "/schema.json"))
    var value = try JSONParser.parse(Array(bytes), file: "schema.json")
    for key in ["properties", "claims", "items", "properties", "kind", "enum"] {
      value = try #require(value.member(key)?.value)
    }
    guard case .array(let kinds) = value.kind else { return }
    #expect(kinds.map { $0.canonical().text } == Claim.Kind.allCases.map(\.rawValue.quoted))
  }

  @Test(
    "The schema names exactly the keys that are read",
    arguments: [
      ("", Experiment.keys), (".dataset", Experiment.datasetKeys),
      (".grid", Axis.kinds.map(\.name) + ["exclude", "only"]), (".optimizer", OptimizerRecipe.keys),
      (".schedule", ScheduleRecipe.axes.map(\.name)),
      (".gradient_clipping", GradientClipping.axes.map(\.name)),
      (".early_stopping", EarlyStopping.axes.map(\.name)),
      (".initial_weights", InitialWeightsRecipe.keys),
    ])
  func schema(section: String, keys: [String]) throws {
    let bytes = try Data(contentsOf: URL(filePath: Self.folder + "/schema.json"))
    var value = try JSONParser.parse(Array(bytes), file: "schema.json")
    for name in section.split(separator: ".") {
      value = try #require(value.member("properties")?.value.member(String(name))?.value)
    }
    guard case .object(let members) = value.member("properties")?.value.kind else {
      Issue.record("the schema has no properties at \(section)")
      return
    }
    #expect(members.map(\.key).sorted() == keys.sorted())
    guard case .boolean(false) = value.member("additionalProperties")?.value.kind else {
      Issue.record("the schema lets other keys pass at \(section)")
      return
    }
  }
}
