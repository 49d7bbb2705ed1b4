import Common
import Results
import Testing

@testable import Study

@Suite struct CellRecipeTests {
  /// The recipe of the first cell of an experiment file.
  private func recipe(replacing old: String = "", with new: String = "") throws -> CellRecipe {
    let experiment = try ExperimentTests.experiment(ExperimentTests.text(replacing: old, with: new))
    return experiment.recipe(of: experiment.cells[0])
  }

  private func settings(_ lines: String, axes: String = "") throws -> [String: JSON] {
    let experiment = try TrainingRecipeTests.experiment(lines, axes: axes)
    return experiment.recipe(of: experiment.cells[0]).settings
  }

  @Test("The form of version 1 stays what it is: stores keep its SHA-256")
  func form() throws {
    let recipe = try self.recipe()
    #expect(
      recipe.text
        == #"{"batch_size":64,"model":"mobilenet_v1","resolution":128,"seed":0,"version":1,"width":1}"#
    )
    #expect(
      try TrainingRecipeTests.experiment().cells.map { cell in
        try TrainingRecipeTests.experiment().recipe(of: cell).text
      } == [#"{"model":"mobilenet_v2","resolution":64,"seed":0,"version":1,"width":0.5}"#])
  }

  @Test(
    "What cannot change a result does not change the recipe",
    arguments: [
      ("../data/x", "/elsewhere/x"), (#""epochs": 3"#, #""epochs": 30"#), ("W100%", "whole"),
      ("[128, 96]", "[128, 224]"), ("0.001", "1e-3"), (#""augment": []"#, #""shuffle": true"#),
      (#""name": "adam", "#, ""), ("small", "other"), (#""augment": []"#, #""label_smoothing": 0"#),
      (#""adam""#, #""adam", "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0"#),
      (#""augment": []"#, #""schedule": {"name": "constant"}"#),
      (#""resolution": "#, #""optimizer.lr": [0.001, 0.1], "resolution": "#),
    ])
  func unchanged(old: String, new: String) throws {
    #expect(try recipe() == recipe(replacing: old, with: new))
  }

  @Test(
    "What can change a result is in the recipe",
    arguments: [
      ("0.001", "0.002"), ("64", "32"), (#""augment": []"#, #""shuffle": false"#),
      (#""augment": []"#, #""channels": "make_divisible""#),
      ("[]", #"[{"RandomHorizontalFlip": {"p": 1}}]"#),
      (#""adam""#, #""adam", "carry_over": true"#),
    ])
  func changed(old: String, new: String) throws {
    #expect(try recipe() != recipe(replacing: old, with: new))
  }

  @Test(
    "Each setting has a place in the recipe",
    arguments: [
      (#""schedule": {"warmup": 3}"#, "schedule.warmup", "3"),
      (#""label_smoothing": 0.1"#, "label_smoothing", "0.1"),
      (#""gradient_clipping": {"value": 2}"#, "gradient_clipping.value", "2"),
      (#""dropout": 0"#, "dropout", "0"),
      (#""early_stopping": {"patience": 4}"#, "early_stopping.patience", "4"),
      (#""initial_weights": {"file": "nowhere"}"#, "initial_weights.sha256", "\"absent\""),
      (#""optimizer": {"name": "sgd", "weight_decay": 1}"#, "optimizer.weight_decay", "1"),
      (#""optimizer": {"name": "adamw", "weight_decay": 0}"#, "optimizer.weight_decay", "0"),
      (#""optimizer": {"name": "rmsprop", "lr": 0.001}"#, "optimizer.lr", "0.001"),
    ])
  func placed(lines: String, path: String, value: String) throws {
    #expect(try settings(lines)[path]?.text == value)
    #expect(try settings("")[path] == nil)
  }

  @Test(
    "A recipe that is read from a store is the one that was written",
    arguments: [
      "", #""optimizer": {"name": "sgd", "lr": 0.5, "momentum": 0.9, "nesterov": true}"#,
      #""optimizer": {"name": "adamw"}"#, #""optimizer": {"name": "rmsprop"}"#,
      #""optimizer": {"name": "rmsprop_tf", "momentum": 0.9, "centered": true}"#,
      #""schedule": {"name": "cosine", "by": "step", "T_max": 100, "eta_min": 1e-5, "warmup": 3}"#,
      #""schedule": {"name": "step", "step_size": 30}"#,
      #""schedule": {"name": "multi_step", "milestones": [3, 5]}"#,
      #""schedule": {"name": "linear", "end_factor": 0.1, "total_iters": 5}"#,
      #""early_stopping": {"patience": 4, "metric": "val_accuracy", "min_delta": 0.01}"#,
      #""gradient_clipping": {"norm": 1}, "dropout": 0.3, "label_smoothing": 0.1"#,
      #""augment": [{"RandomHorizontalFlip": {"p": 0.5}}, {"ColorJitter": {"hue": [-0.1, 0.2]}}]"#,
      #""shuffle": false, "batch_size": 7, "channels": "make_divisible""#,
    ])
  func readBack(lines: String) throws {
    let experiment = try TrainingRecipeTests.experiment(lines)
    let cell = experiment.cells[0]
    let stored = try Cell(stored: experiment.recipe(of: cell), id: cell.id, epochs: 10)
    #expect(stored == cell)
  }

  @Test("An axis that makes no difference between two cells is refused")
  func noDifference() throws {
    let experiment = try TrainingRecipeTests.experiment(
      #""schedule": {"warmup": 0}"#, axes: #""schedule.warmup_start": [0.1, 0.2]"#)
    let error = #expect(throws: SweepError.self) {
      try Plan(experiment, data: nil, engine: FakeEngine())
    }
    #expect(error?.message.hasSuffix("have the same training recipe") == true)
  }
}
