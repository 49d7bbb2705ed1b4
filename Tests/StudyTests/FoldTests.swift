import Common
import Testing

@testable import Study

/// The experiment file's `dataset.folds`.
@Suite struct FoldTests {
  private func experiment(
    _ dataset: String, axes: String = "", settings: String = ""
  ) throws(SweepError) -> Experiment {
    let text = """
      {"name": "t", "dataset": {"root": "data", \(dataset)}, "epochs": 10,
      "grid": {"model": ["mobilenet_v2"], "width": [0.5], "resolution": [64]\(axes)}\(settings)}
      """
    return try Experiment(bytes: Array(text.utf8), file: "t.json")
  }

  @Test("Folds are an axis of the grid, and part of each cell's recipe")
  func axis() throws {
    let all = try experiment(#""folds": 3"#)
    let id = "mobilenet_v2-w0.5-r64-s0"
    #expect(all.cells.map(\.id) == (0..<3).map { "\(id)-fold\($0)" })
    #expect(all.cells.map(\.recipe.fold) == (0..<3).map { Fold(number: $0, count: 3) })
    #expect(CellGroup.groups(of: all.cells).count == 3)
    #expect(all.dataset.folds == 3)
    let recipes = all.cells.map { all.recipe(of: $0) }
    #expect(Set(recipes).count == 3)
    #expect(recipes[2].text.contains(#""dataset":{"fold":2,"folds":3}"#))
    #expect(
      try Cell(stored: recipes[2], id: "x", epochs: 10).recipe.fold == all.cells[2].recipe.fold)
    // Some of the folds are the same cells.
    let some = try experiment(#""folds": 3"#, axes: #", "dataset.fold": [0, 2]"#)
    #expect(some.cells.map { some.recipe(of: $0) } == [recipes[0], recipes[2]])
    // The stored text gives the same cells.
    let stored = try Experiment(bytes: Array(all.text.utf8), file: "stored")
    #expect(stored.cells.map { stored.recipe(of: $0) } == recipes)
  }

  @Test(
    "Folds that cannot be are named with line, path and what to do",
    arguments: [
      (#""folds": 1"#, "", ":1: $.dataset.folds: the number of folds is 1; it must be at least 2"),
      (
        #""folds": 3, "val": "val""#, "",
        ":1: $.dataset.val: the experiment has folds and validation images; remove one of the two"
      ),
      (
        #""train": "train""#, #", "dataset.fold": [0]"#,
        #":2: $.grid: the grid has a list for dataset.fold, the data set no folds; write "folds": 5 in dataset"#
      ),
      (
        #""folds": 3"#, #", "dataset.fold": [0, 3]"#,
        #":2: $.grid["dataset.fold"][1]: the fold is 3; it must be at most 2"#
      ),
    ])
  func mistakes(dataset: String, axes: String, line: String) throws {
    let error = #expect(throws: SweepError.self) { try experiment(dataset, axes: axes) }
    #expect(error?.description.contains(line) == true, "\(error?.description ?? "")")
  }

  @Test("A cell's sizes are those of its fold")
  func sizes() throws {
    var data = DataSize(classes: 3, trainImages: 20, valImages: 10)
    data.folds = [
      DataSize(classes: 3, trainImages: 20, valImages: 10, classImages: [10, 5, 5]),
      DataSize(classes: 3, trainImages: 17, valImages: 13, classImages: [2, 5, 10]),
    ]
    let file = try experiment(
      #""folds": 2"#, settings: #", "class_weights": "balanced", "batch_size": 16"#)
    #expect(file.cells.map { data.of($0.recipe).trainImages } == [20, 17])
    let weights = try file.cells.map { cell in
      let job = try cell.trainingJob(cell.network(classes: 3), on: data.of(cell.recipe))
      return job.settings.classWeights?.map { ($0 * 1000).rounded() }
    }
    #expect(weights == [[667, 1333, 1333], [2833, 1133, 567]])
  }
}
