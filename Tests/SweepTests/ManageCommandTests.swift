import Foundation
import GRDB
import Testing

@Suite struct ManageCommandTests {
  private static let store = ["--store", "whole/sweep.sqlite"]

  private func sweep(_ study: SmallStudy, _ arguments: String...) throws -> SweepProcess {
    try SweepProcess(list: arguments + Self.store, in: study.folder)
  }

  @Test("ls and show tell what an experiment and a cell are, as text and as JSON")
  func looking() throws {
    try SmallStudy.with { study throws in
      let list = try sweep(study, "ls")
      #expect(list.code == 0, "\(list.errors)")
      #expect(list.output.contains("small           4     4     8/8"))
      let text = try sweep(study, "ls", "--json").output
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
      let json = try #require(object as? [String: Any])
      #expect(json["version"] as? Int == 1)
      let experiment = try #require((json["experiments"] as? [[String: Any]])?.first)
      #expect(experiment["epochs"] as? Int == 8)

      let best = try #require(experiment["best_cell"] as? String)
      let shown = try sweep(study, "show", "best")
      #expect(shown.code == 0, "\(shown.errors)")
      #expect(shown.output.hasPrefix("\(best) of small: done, 2 of 2 epochs\n"))
      #expect(shown.output.contains("model = \"mobilenet_v"))
      #expect(shown.output.contains("as recorded"))
      #expect(shown.output.contains("validation accuracy"))
      let other = try sweep(study, "show", "best:mobilenet_v1", "--json")
      #expect(other.output.contains(#""cell": "mobilenet_v1-w0.1-r"#))
      let wrong = try sweep(study, "show", "best:mobilenet_v9")
      #expect(wrong.code == 65)
      #expect(wrong.errors.contains("small has no model mobilenet_v9"))
      let misspelt = try sweep(study, "show", "mobilenet_v1-w0.1-r41-s0")
      #expect(misspelt.errors.contains("did you mean \"mobilenet_v1-w0.1-r40-s0\"?"))
    }
  }

  @Test("Notes stay with experiments and cells until they are removed")
  func notes() throws {
    try SmallStudy.with { study throws in
      #expect(try sweep(study, "note", "small", "the first try").code == 0)
      #expect(try sweep(study, "note", "last", "odd").code == 0)
      #expect(try sweep(study, "ls").output.contains("small: the first try\n"))
      #expect(try sweep(study, "show", "last").output.contains("note: odd\n"))
      #expect(try sweep(study, "note", "small", "--remove").code == 0)
      #expect(try !sweep(study, "ls").output.contains("the first try"))
    }
  }

  @Test("A renamed experiment keeps its cells and its weights")
  func rename() throws {
    try SmallStudy.with { study throws in
      #expect(try sweep(study, "rename", "small", "other").code == 0)
      let shown = try sweep(study, "show", "best", "--experiment", "other")
      #expect(shown.output.contains("as recorded"))
      #expect(try sweep(study, "rename", "other", "a/b").code == 64)
    }
  }

  @Test("rm asks first; a removed cell is pending and its weights are gone, others stay")
  func removal() throws {
    try SmallStudy.with { study throws in
      let cell = "mobilenet_v1-w0.1-r40-s0"
      let asked = try sweep(study, "rm", cell)
      #expect(asked.code == 64)
      #expect(asked.errors.contains("standard input is not a terminal; add --yes to remove it"))
      #expect(try study.weights("whole").count == 4)
      #expect(try sweep(study, "rm", cell, "--yes").code == 0)
      #expect(try study.weights("whole").count == 3)
      #expect(try sweep(study, "show", cell).output.contains("pending, 0 of 2 epochs"))
      // What is trained again has the same bits.
      #expect(try study.run("whole").code == 0)
      #expect(try study.weights("whole").count == 4)

      let foreign = "\(study.folder)/whole/small/final/mine.safetensors"
      try Data("mine".utf8).write(to: URL(filePath: foreign))
      #expect(try sweep(study, "rm", "small", "--yes").code == 0)
      #expect(FileManager.default.fileExists(atPath: foreign))
      #expect(!FileManager.default.fileExists(atPath: "\(study.folder)/whole/small/initial"))
      #expect(try sweep(study, "ls").output.hasPrefix("no experiments yet"))
    }
  }

  @Test("sql prints a table, CSV or JSON, and cannot change the store")
  func sql() throws {
    try SmallStudy.with { study throws in
      let query = "SELECT cell, epochs FROM results WHERE resolution = 40 ORDER BY cell"
      let table = try sweep(study, "sql", query)
      #expect(
        table.output == """
          cell                      epochs
          ────────────────────────────────
          mobilenet_v1-w0.1-r40-s0       2
          mobilenet_v2-w0.1-r40-s0       2

          """)
      #expect(
        try sweep(study, "sql", "--csv", query).output
          == "cell,epochs\nmobilenet_v1-w0.1-r40-s0,2\nmobilenet_v2-w0.1-r40-s0,2\n")
      #expect(try sweep(study, "sql", "--json", query).output.contains(#""listing": "sql""#))
      let wrong = try sweep(study, "sql", "SELECT missing FROM results")
      #expect(wrong.code == 64)
      #expect(wrong.errors.contains("no such column: missing"))
      let change = try sweep(study, "sql", "DELETE FROM cells")
      #expect(change.code != 0)
      #expect(try study.weights("whole").count == 4)
      #expect(try sweep(study, "sql", ".schema").output.contains("CREATE TABLE cells"))
    }
  }

  @Test("A stopped cell ends with a checkpoint, others continue, and it continues later")
  func stop() throws {
    try SmallStudy.with { study throws in
      try study.setEpochs(400)
      let run = try study.start("stopped", ["--only", "resolution=40"])
      let store = "\(study.folder)/stopped/sweep.sqlite"
      let cells = ["mobilenet_v1-w0.1-r40-s0", "mobilenet_v2-w0.1-r40-s0"]
      func status() throws -> [String] {
        try study.connect("stopped") { db in
          try String.fetchAll(
            db, sql: "SELECT status FROM cells WHERE resolution = 40 ORDER BY name")
        }
      }
      func wait(for expected: [String]) throws {
        let deadline = Date(timeIntervalSinceNow: 30)
        while Date() < deadline {
          if FileManager.default.fileExists(atPath: store), (try? status()) == expected { return }
          Thread.sleep(forTimeInterval: 0.1)
        }
        #expect(try status() == expected)
      }
      try wait(for: ["running", "running"])
      let first = try SweepProcess("stop", cells[0], "--store", store, in: study.folder)
      #expect(first.code == 0, "\(first.errors)")
      try wait(for: ["interrupted", "running"])
      #expect(try SweepProcess("stop", "--all", "--store", store, in: study.folder).code == 0)
      let end = run.end()
      #expect(end.code == 0)
      #expect(end.errors.contains("2 cells stopped; the same command continues"))
      #expect(try status() == ["interrupted", "interrupted"])
      let again = try study.start("stopped", ["--only", "resolution=40"])
      try wait(for: ["running", "running"])
      again.send(SIGINT)
      #expect(again.end().code == 130)
    }
  }

  @Test("status tells as JSON what --on-end gets too")
  func statusAsJSON() throws {
    try SmallStudy.with { study throws in
      let text = try sweep(study, "status", "--json").output
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
      let root = try #require(object as? [String: Any])
      let experiment = try #require((root["experiments"] as? [[String: Any]])?.first)
      #expect(experiment["experiment"] as? String == "small")
      #expect((experiment["cells"] as? [Any])?.count == 4)
      #expect(experiment["estimated_seconds_left"] as? Double == 0)

      let run = try study.run("whole", ["--on-end", "cat > summary.json"])
      #expect(run.code == 0, "\(run.errors)")
      let summary = try Data(contentsOf: URL(filePath: "\(study.folder)/summary.json"))
      let end = try #require(JSONSerialization.jsonObject(with: summary) as? [String: Any])
      #expect(end["outcome"] as? String == "done")
      let failing = try study.run("whole", ["--on-end", "exit 3"])
      #expect(failing.code == 0)
      #expect(failing.errors.contains("sweep: --on-end ended with 3\n"))
    }
  }

  @Test("predict takes folders and prints CSV; best stands for the most accurate cell")
  func predictFolder() throws {
    try SmallStudy.with { study throws in
      let run = try sweep(study, "predict", "best", "data/val", "--csv", "--top", "1")
      #expect(run.code == 0, "\(run.errors)")
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 5)
      #expect(lines.first == "image,class,probability")
      #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("data/val/") })
      let empty = try sweep(study, "predict", "best", "whole")
      #expect(empty.code == 65)
      #expect(empty.errors.contains("the folder has no images"))
    }
  }
}
