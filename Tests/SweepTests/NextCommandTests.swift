import Foundation
import Testing

/// The commands that each command's end proposes.
@Suite struct NextCommandTests {
  private func proposals(_ run: SweepProcess) -> [String] {
    let lines = run.errors.split(separator: "\n").map(String.init)
    guard let first = lines.firstIndex(where: { $0.hasPrefix("next: ") }) else { return [] }
    return lines[first...].map { String($0.dropFirst(6)) }
  }

  @Test("Commands end with commands that work as they stand, in a store with any name")
  func proposals() throws {
    try SmallStudy.with { study throws in
      try FileManager.default.moveItem(
        atPath: "\(study.folder)/whole", toPath: "\(study.folder)/it's a store")
      try FileManager.default.moveItem(
        atPath: "\(study.folder)/small.json", toPath: "\(study.folder)/my small.json")
      let store = ["--store", "it's a store/sweep.sqlite"]
      let commands = [
        ["check", "my small.json"] + store, ["preview", "my small.json", "--images", "1"],
        ["plan", "my small.json"], ["run", "my small.json"] + store, ["ls"] + store,
        ["show", "best"] + store, ["status"] + store, ["report"] + store,
        ["predict", "best", "data/val"] + store, ["evaluate", "best", "data/val"] + store,
        ["note", "small", "a note"] + store, ["prune"] + store,
        ["export", "--record", "a record"] + store, ["data", "check", "data"],
        ["data", "stats", "data"], ["merge", "a merged.sqlite", "it's a store/sweep.sqlite"],
        ["stop", "--all"] + store, ["summary", "mobilenet_v2", "--width", "0.5"],
      ]
      // Checked elsewhere; here they would take long.
      let untyped = ["sweep bench ", "sweep init "]
      var typed: Set<String> = []
      for command in commands {
        let run = try SweepProcess(list: command, in: study.folder)
        #expect(run.code == 0, "\(command): \(run.errors)")
        #expect(!run.output.contains("next: "))
        let proposals = proposals(run)
        #expect(!proposals.isEmpty, "\(command)")
        for line in proposals where !untyped.contains(where: line.hasPrefix) {
          guard typed.insert(line).inserted else { continue }
          let next = try Stage.type(line, in: study.folder)
          #expect(next.code == 0, "\(command): \(line): \(next.output)")
        }
      }
    }
  }

  @Test("For scripts there is nothing but the output")
  func scripts() throws {
    try SmallStudy.with { study throws in
      let store = ["--store", "whole/sweep.sqlite"]
      for command in [
        ["ls", "--json"], ["show", "best", "--json"], ["status", "--json"], ["report", "--json"],
        ["report", "--csv"], ["predict", "best", "data/val", "--csv"], ["sql", "SELECT 1"],
        ["evaluate", "best", "data/val", "--csv"], ["report", "--markdown"],
      ] {
        let run = try SweepProcess(list: command + store, in: study.folder)
        #expect(run.code == 0 && run.errors == "", "\(command): \(run.errors)")
      }
      let run = try study.run("whole", ["--progress", "none", "--json"])
      #expect(run.code == 0 && run.errors == "" && run.output.hasPrefix("{"))
    }
  }
}
