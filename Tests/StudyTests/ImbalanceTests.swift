import Common
import Images
import Testing

@testable import Study

/// The experiment file's settings for classes of different sizes.
@Suite struct ImbalanceTests {
  static let data = DataSize(
    classes: 3, trainImages: 60, valImages: 6, classImages: [10, 20, 30])

  @Test("Balanced class weights are those of scikit-learn, and reach the engine")
  func balanced() throws {
    let experiment = try TrainingRecipeTests.experiment(#""class_weights": "balanced""#)
    let plan = try Plan(experiment, data: Self.data, engine: FakeEngine())
    #expect(plan.items[0].job.settings.classWeights == [2, 1, 60.0 / 90])
    #expect(experiment.cells[0].recipe.canonical["class_weights"] == #""balanced""#)
    let plain = try TrainingRecipeTests.experiment()
    #expect(
      try Plan(plain, data: Self.data, engine: FakeEngine()).items[0].job.settings.classWeights
        == nil)
  }

  @Test("Class weights and sampling can be axes; the defaults are not in the recipe")
  func axes() throws {
    let experiment = try TrainingRecipeTests.experiment(
      axes: #""class_weights": ["none", "balanced", [1, 2, 0.5]], "sampling": ["all", "balanced"]"#)
    let id = "mobilenet_v2-w0.5-r64-s0"
    #expect(
      experiment.cells.map(\.id) == [
        "\(id)-class_weightsnone-samplingall", "\(id)-class_weightsnone-samplingbalanced",
        "\(id)-class_weightsbalanced-samplingall", "\(id)-class_weightsbalanced-samplingbalanced",
        "\(id)-class_weights1_2_0.5-samplingall", "\(id)-class_weights1_2_0.5-samplingbalanced",
      ])
    #expect(
      experiment.cells.map(\.recipe.sampling) == [
        .all, .balanced, .all, .balanced, .all, .balanced,
      ])
    #expect(experiment.cells[4].recipe.classWeights == .list([1, 2, 0.5]))
    let plain = try TrainingRecipeTests.experiment()
    #expect(experiment.recipe(of: experiment.cells[0]) == plain.recipe(of: plain.cells[0]))
    let set = try TrainingRecipeTests.experiment(
      #""class_weights": [1, 2, 0.5], "sampling": "balanced""#)
    #expect(experiment.recipe(of: experiment.cells[5]) == set.recipe(of: set.cells[0]))
    // Weights do not change the batches, sampling does.
    #expect(CellGroup.groups(of: experiment.cells).map(\.cells.count) == [3, 3])
    let stored = try Cell(stored: set.recipe(of: set.cells[0]), id: "x", epochs: 10)
    #expect(
      stored.recipe.sampling == .balanced && stored.recipe.classWeights == .list([1, 2, 0.5]))
  }

  @Test(
    "Settings for imbalance that cannot be are named with line, path and what to do",
    arguments: [
      (
        #""class_weights": "balance""#,
        #":4: $.class_weights: unknown class weights "balance"; did you mean "balanced"?"#
      ),
      (#""class_weights": 2"#, #":4: $.class_weights: expected "balanced" or a list of numbers"#),
      (
        #""class_weights": [1, 0]"#,
        ":4: $.class_weights[1]: the weight is 0.0; it must be above 0"
      ),
      (#""sampling": "each""#, #":4: $.sampling: unknown sampling "each"; "#),
    ])
  func mistakes(settings: String, line: String) throws {
    let error = #expect(throws: SweepError.self) { try TrainingRecipeTests.experiment(settings) }
    #expect(error?.description.contains(line) == true, "\(error?.description ?? "")")
  }

  @Test("A list of weights must have one for each class")
  func count() throws {
    let experiment = try TrainingRecipeTests.experiment(#""class_weights": [1, 2]"#)
    let error = #expect(throws: SweepError.self) {
      try Plan(experiment, data: Self.data, engine: FakeEngine())
    }
    #expect(
      error?.description == "t.json: $.class_weights: 2 weights for 3 classes "
        + "(mobilenet_v2-w0.5-r64-s0); give one per class, in the order of the classes' names")
  }
}
