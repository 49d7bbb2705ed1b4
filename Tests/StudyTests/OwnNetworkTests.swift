import Common
import Foundation
import Networks
import Results
import Testing

@testable import Study

@Suite struct OwnNetworkTests {
  /// A folder with a network's file and experiments beside it.
  private final class Folder {
    let path = NSTemporaryDirectory() + "sweep-networks-\(UUID().uuidString)"

    init(table: String = OwnNetworkTests.table) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try write(table)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ table: String) throws {
      try table.write(toFile: path + "/net.json", atomically: true, encoding: .utf8)
    }

    func experiment(_ model: String) throws(SweepError) -> Experiment {
      let text = ExperimentTests.text(replacing: #"["mobilenet_v1", "mobilenet_v2"]"#, with: model)
      return try Experiment(bytes: Array(text.utf8), file: path + "/small.json")
    }
  }

  private static let table = """
    {"name": "tiny", "about": "for tests",
    "stem": {"channels": 8, "stride": 2},
    "stages": [{"block": "depthwise_separable", "channels": 16}]}
    """

  @Test(
    "A network's file stands where a built-in name would",
    arguments: [
      #"["mobilenet_v1", {"file": "net.json"}]"#, #"{"file": "net.json"}"#,
      #"{"Mine": {"file": "net.json"}}"#,
    ])
  func file(model: String) throws {
    let experiment = try Folder().experiment(model)
    let cell = try #require(experiment.cells.last)
    #expect(cell.id == "tiny-w0.35-r96-s1")
    #expect(try cell.network(classes: 3).nodes.first?.name == "stem")
  }

  @Test("The stored text holds the table, and is read where the file is not")
  func storedText() throws {
    let experiment = try Folder().experiment(#"[{"file": "net.json"}, "mobilenet_v1"]"#)
    let stored = try Experiment(bytes: Array(experiment.text.utf8), file: "results.sqlite: small")
    #expect(stored.cells == experiment.cells)
    #expect(stored.cells.map(stored.recipe) == experiment.cells.map(experiment.recipe))
    #expect(stored.text == experiment.text)
  }

  @Test("The recipe follows the network, not the way its file is written")
  func recipe() throws {
    let folder = try Folder()
    let model = #"{"file": "net.json"}"#
    func recipe() throws -> CellRecipe {
      let experiment = try folder.experiment(model)
      return experiment.recipe(of: experiment.cells[0])
    }
    let before = try recipe()
    try folder.write(Self.table.replacing("\n", with: "\n\n ").replacing("for tests", with: "x"))
    #expect(try recipe() == before)
    try folder.write(Self.table.replacing("16", with: "24"))
    let after = try recipe()
    #expect(after != before)
    #expect(
      RecipeChange(from: [.init(before, axes: [])], to: [.init(after, axes: [])]).objections == [
        .network("tiny")
      ])
  }

  @Test(
    "A mistake is named where it is",
    arguments: [
      (#"[{"file": "no.json"}]"#, "/no.json: cannot open the network's file"),
      (#"[{"path": "net.json"}]"#, #":5: $.grid.model[0].path: unknown key "path"; valid: file"#),
      (#"[{"file": "net.json"}, {"file": "net.json"}]"#, "model has the value tiny twice"),
      (
        #"[{"table": {"name": "t", "stem": {"channels": 8}, "stages": [{"block": "cov"}]}}]"#,
        #":5: stage 1: unknown block "cov"; did you mean "conv"?"#
      ),
    ])
  func mistakes(model: String, line: String) throws {
    let folder = try Folder()
    let error = #expect(throws: SweepError.self) { try folder.experiment(model) }
    #expect(error?.description.contains(line) == true, "\(error?.description ?? "")")
  }
}
