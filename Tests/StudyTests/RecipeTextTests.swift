import Common
import Testing

@testable import Study

@Suite struct RecipeTextTests {
  private func recipe(replacing old: String = "", with new: String = "") throws -> RecipeText {
    try ExperimentTests.experiment(ExperimentTests.text(replacing: old, with: new)).recipeText
  }

  @Test(
    "What cannot change a result does not change the recipe",
    arguments: [
      ("../data/x", "/elsewhere/x"), (#""epochs": 3"#, #""epochs": 30"#), ("W100%", "whole"),
      ("[128, 96]", "[224, 128, 96]"), ("0.001", "1e-3"), (#""augment": []"#, #""shuffle": true"#),
      (#""name": "adam", "#, ""), ("small", "other"),
    ])
  func unchanged(old: String, new: String) throws {
    #expect(try recipe() == recipe(replacing: old, with: new))
    #expect(try recipe().hash == recipe(replacing: old, with: new).hash)
  }

  @Test(
    "What can change a result is shown as a difference",
    arguments: [
      ("0.001", "0.002", ["optimizer.lr was 0.001, is now 0.002"]),
      ("64", "32", ["batch_size was 64, is now 32"]),
      (#""augment": []"#, #""shuffle": false"#, ["shuffle was true, is now false"]),
      (
        #""augment": []"#, #""channels": "make_divisible""#,
        [#"channels was "truncate", is now "make_divisible""#]
      ),
      (
        "[]", #"[{"RandomHorizontalFlip": {"p": 1}}]"#,
        [#"augment was [], is now [{"RandomHorizontalFlip": {"p": 1}}]"#]
      ),
      (
        #""adam""#, #""adam", "carry_over": true"#,
        [
          "epochs is now 3", "grid.resolution is now [128, 96]",
          "optimizer.carry_over was false, is now true",
        ]
      ),
    ])
  func changed(old: String, new: String, differences: [String]) throws {
    let (before, after) = (try recipe(), try recipe(replacing: old, with: new))
    #expect(after.differences(from: RecipeText(stored: before.text)) == differences)
    #expect(before.hash != after.hash)
  }
}
