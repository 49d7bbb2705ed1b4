import Common
import Images
import Testing

@testable import Study

/// The experiment file's settings of image preparation.
@Suite struct ImageSettingTests {
  @Test("Lists of image operations can be axes, under their display names")
  func axes() throws {
    let experiment = try TrainingRecipeTests.experiment(
      axes: #"""
        "augment": {"none": [], "crops": [{"RandomResizedCrop": {"scale": [0.5, 1]}}]},
        "val_transform": {"whole": [], "center": [{"Resize": {"crop_pct": 0.875}}, {"CenterCrop": {}}]}
        """#)
    let id = "mobilenet_v2-w0.5-r64-s0"
    #expect(
      experiment.cells.map(\.id) == [
        "\(id)-augmentnone-val_transformwhole", "\(id)-augmentnone-val_transformcenter",
        "\(id)-augmentcrops-val_transformwhole", "\(id)-augmentcrops-val_transformcenter",
      ])
    let steps = experiment.cells.map { cell in
      [cell.recipe.augment, cell.recipe.valTransform].map { steps in
        steps.map { type(of: $0.operation).name }
      }
    }
    #expect(
      steps == [
        [[], []], [[], ["Resize", "CenterCrop"]], [["RandomResizedCrop"], []],
        [["RandomResizedCrop"], ["Resize", "CenterCrop"]],
      ])
    #expect(CellGroup.groups(of: experiment.cells).count == 4, "the cells share no batches")

    // The same settings outside the grid give the same cells.
    let plain = try TrainingRecipeTests.experiment(
      #"""
      "augment": [{"RandomResizedCrop": {"scale": [0.5, 1]}}],
      "val_transform": [{"Resize": {"crop_pct": 0.875}}, {"CenterCrop": {}}]
      """#)
    #expect(experiment.recipe(of: experiment.cells[3]) == plain.recipe(of: plain.cells[0]))
    let bare = try TrainingRecipeTests.experiment(#""augment": [], "val_transform": []"#)
    let absent = try TrainingRecipeTests.experiment()
    #expect(bare.recipe(of: bare.cells[0]) == absent.recipe(of: absent.cells[0]))
    #expect(experiment.recipe(of: experiment.cells[0]) == absent.recipe(of: absent.cells[0]))
    let stored = try Cell(
      stored: plain.recipe(of: plain.cells[0]), id: plain.cells[0].id, epochs: 10)
    #expect(stored.recipe.valTransform == plain.recipe.valTransform)
    #expect(stored.recipe.augment == plain.recipe.augment)
  }

  @Test(
    "Image operations that cannot be are named with line, path and what to do",
    arguments: [
      (
        #""val_transform": [{"RandomRotation": {"degrees": 5}}]"#, "",
        #":4: $.val_transform[0].RandomRotation: unknown key "RandomRotation"; "#
      ),
      (
        #""augment": [{"RandomErasing": {}}, {"RandomGrayscale": {}}]"#, "",
        ":4: $.augment[1]: RandomGrayscale stands after RandomErasing, "
      ),
      (
        #""augment": [{"RandomErasing": {"value": "noise"}}]"#, "",
        #":4: $.augment[0].RandomErasing.value: must be a number, a list of 3 numbers or "random""#
      ),
      (
        "", #""augment": [[]]"#,
        ":3: $.grid.augment[0]: expected lists with display names"
      ),
      (
        "", #""augment": {"a b": []}"#,
        #":3: $.grid.augment["a b"]: the name "a b" cannot be part of an id; "#
      ),
      (
        "", #""augment": {"none": [], "odd": [{"CenterCrop": {"sizes": 3}}]}"#,
        #":3: $.grid.augment.odd[0].CenterCrop.sizes: unknown key "sizes"; did you mean "size"?"#
      ),
    ])
  func mistakes(settings: String, axes: String, line: String) throws {
    let error = #expect(throws: SweepError.self) {
      try TrainingRecipeTests.experiment(settings, axes: axes)
    }
    #expect(error?.description.contains(line) == true, "\(error?.description ?? "")")
  }
}
