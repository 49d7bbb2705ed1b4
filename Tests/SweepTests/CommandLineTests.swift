import Foundation
import Testing

/// What every command has in common, tried on the built program.
@Suite struct CommandLineTests {
  @Test(
    "An empty argument is refused by the option's name, whatever the command",
    arguments: [
      (["export", "--tensorboard", ""], "--tensorboard"), (["data", "synth", ""], "an argument"),
      (["run", "e.json", "--html="], "--html"), (["submit", "e.json", "--store", ""], "--store"),
      (["plan", "e.json", "--data-root", ""], "--data-root"),
    ])
  func empty(arguments: [String], name: String) throws {
    try withTemporaryFolder { folder in
      let run = try SweepProcess(list: arguments, in: folder)
      #expect(run.code == 64)
      #expect(run.errors.hasPrefix("sweep: \(name)"), "\(run.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test("Help for an unknown command names the nearest one", arguments: ["reprot", "report"])
  func help(name: String) throws {
    let run = try SweepProcess("help", name)
    #expect(run.code == (name == "report" ? 0 : 64))
    #expect(run.errors.contains("did you mean \"report\"?") == (name != "report"))
  }

  @Test("A plan refuses splits that overlap, and does without a data set that is not there")
  func plan() throws {
    try SmallStudy.with { study in
      let file = study.folder + "/small.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      for (dataset, code) in [
        (#""data", "val": "./train""#, Int32(65)), (#""data", "train": ".""#, 65), (#""gone""#, 0),
      ] {
        try text.replacing(#""root": "data""#, with: #""root": "# + dataset)
          .write(toFile: file, atomically: true, encoding: .utf8)
        let plan = try SweepProcess("plan", "small.json", in: study.folder)
        #expect(plan.code == code, "\(dataset): \(plan.errors)")
      }
    }
  }

  @Test("A plan with a store shows what is left, and --only the cells that are asked for")
  func remainingPlan() throws {
    try SmallStudy.with { study in
      func cells(_ options: String...) throws -> [String] {
        let run = try SweepProcess(
          list: ["plan", "small.json", "--json"] + options, in: study.folder)
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        return (object?["cells"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? []
      }
      #expect(
        try cells("--only", "model=mobilenet_v2,resolution=33") == ["mobilenet_v2-w0.1-r33-s0"])
      #expect(try cells("--store", "whole/sweep.sqlite").isEmpty)
      try study.setEpochs(3)
      #expect(try cells("--store", "whole/sweep.sqlite", "--only", "resolution=40").count == 2)
    }
  }

  @Test("The memory of a plan includes images, decoded and being decoded")
  func memory() throws {
    try SmallStudy.with { study in
      let drawn = try SweepProcess(
        "data", "synth", "larger", "--classes", "2", "--train-per-class", "5", "--val-per-class",
        "2", "--size", "96", in: study.folder)
      #expect(drawn.code == 0)
      func memory(_ root: String) throws -> Int {
        let text = try SweepProcess(
          "plan", "small.json", "--json", "--data-root", root, in: study.folder
        ).output
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require(object?["memory_bytes"] as? Int)
      }
      #expect(try memory("larger") - memory("data") > 14 * (96 * 96 - 24 * 24) * 3)
    }
  }

  @Test("Pruning frees the checkpoints of finished cells; more epochs still give the same results")
  func prune() throws {
    try SmallStudy.with { study in
      try study.setEpochs(1)
      #expect(try study.run("part").code == 0)
      let checkpoints = study.folder + "/part/small/checkpoints"
      #expect(try FileManager.default.contentsOfDirectory(atPath: checkpoints).count == 4)
      let prune = try SweepProcess("prune", "--store", "part/sweep.sqlite", in: study.folder)
      #expect(prune.output.hasPrefix("4 checkpoints removed, "), "\(prune.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: checkpoints).isEmpty)
      #expect(
        try SweepProcess("prune", "--store", "part/sweep.sqlite", in: study.folder).output
          == "0 checkpoints removed, 0 B freed\n")
      let merge = try study.merge(["part"], into: "merged")
      #expect(
        merge.code == 0 && merge.errors == "next: sweep report --store merged/sweep.sqlite\n",
        "\(merge.errors)")
      try study.setEpochs(2)
      for store in ["part", "merged"] {
        let run = try study.run(store)
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.errors.contains("has no checkpoint: training restarts from the beginning"))
        try study.expectWhole(store)
      }
    }
  }

  @Test("A checkpoint that is all that is left of a cell's weights is kept")
  func pruneKeeps() throws {
    try SmallStudy.with { study in
      let final = study.folder + "/whole/small/final"
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: final).first)
      try FileManager.default.removeItem(atPath: final + "/" + name)
      let prune = try SweepProcess("prune", "--store", "whole/sweep.sqlite", in: study.folder)
      #expect(prune.output.hasPrefix("3 checkpoints removed, "))
      #expect(prune.errors.hasPrefix("sweep: kept the checkpoint of "), "\(prune.errors)")
      #expect(try study.run("whole", ["--retrain-lost"]).code == 0)
    }
  }

  @Test("Under a limit on address space a sweep takes fewer threads, and ends as ever")
  func addressSpace() throws {
    try SmallStudy.with { study in
      let command = "ulimit -v 700000; exec \"$0\" \"$@\""
      let run = try SweepProcess(
        list: ["-c", command, SweepProcess.program.path]
          + ["run", "small.json", "--store", "few/sweep.sqlite", "--threads", "64"],
        in: study.folder, program: URL(filePath: "/bin/sh"))
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.errors.contains("of 64 threads; continuing with these"))
      try study.expectWhole("few")
    }
  }
}
