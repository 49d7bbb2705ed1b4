import Foundation
import Testing

/// Sweeps of real processes: killed, in company, in shards.
@Suite(.serialized) struct SharedSweepTests {
  private static let experiment = """
    {"name": "small", "dataset": {"root": "data"}, "epochs": 2, "batch_size": 4,
     "grid": {"model": ["mobilenet_v1", "mobilenet_v2"], "width": [0.1], "resolution": [40, 33]}}
    """

  /// A folder with a drawn data set, and the experiment's whole run in `whole/sweep.sqlite`.
  private func withRun(_ body: (_ folder: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let drawn = try SweepProcess(
        "data", "synth", "data", "--classes", "2", "--train-per-class", "5", "--val-per-class", "2",
        "--size", "24", in: folder)
      #expect(drawn.code == 0)
      try Self.experiment.write(
        toFile: folder + "/small.json", atomically: true, encoding: .utf8)
      let run = try sweep("whole", in: folder)
      #expect(run.code == 0, "\(run.errors)")
      try body(folder)
    }
  }

  private func sweep(
    _ store: String, _ options: String..., in folder: String
  ) throws -> SweepProcess {
    try SweepProcess(
      list: ["run", "small.json", "--store", "\(store)/sweep.sqlite", "--progress", "plain"]
        + options, in: folder)
  }

  /// The history without its last column, the seconds.
  private func history(_ store: String, in folder: String) throws -> [Substring] {
    let report = try SweepProcess(
      "report", "--history", "--csv", "--store", "\(store)/sweep.sqlite", in: folder)
    return report.output.split(separator: "\n").map {
      $0[..<($0.lastIndex(of: ",") ?? $0.endIndex)]
    }
  }

  private func weights(_ store: String, in folder: String) throws -> [String: Data] {
    let path = "\(folder)/\(store)/small/final"
    return Dictionary(
      uniqueKeysWithValues: try FileManager.default.contentsOfDirectory(atPath: path).map {
        ($0, try Data(contentsOf: URL(filePath: "\(path)/\($0)")))
      })
  }

  @Test("Shards that are merged are the single run: figures and weights")
  func shards() throws {
    try withRun { folder in
      for shard in 1...3 {
        let run = try sweep(
          "s\(shard)", "--shard", "\(shard)/3", "--threads", "\(shard)", in: folder)
        #expect(run.code == 0, "\(run.errors)")
      }
      let merge = try SweepProcess(
        "merge", "all/sweep.sqlite", "s1/sweep.sqlite", "s2/sweep.sqlite", "s3/sweep.sqlite",
        in: folder)
      #expect(merge.code == 0, "\(merge.errors)")
      #expect(try history("all", in: folder) == history("whole", in: folder))
      #expect(try history("all", in: folder).count == 9)
      #expect(try weights("all", in: folder) == weights("whole", in: folder))
      // Nothing is left to do for who goes on with the merged store.
      #expect(try sweep("all", in: folder).errors.contains("nothing is left to do"))
    }
  }

  @Test("A sweep that is killed, and one that takes over beside it, come to the same bytes")
  func killed() throws {
    try withRun { folder in
      let process = Process()
      process.executableURL = SweepProcess.program
      process.arguments = [
        "run", "small.json", "--store", "killed/sweep.sqlite", "--progress", "none",
        "--checkpoint-every", "0",
      ]
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      try process.run()
      // Its first checkpoint tells that it is in the middle of the work.
      let checkpoints = "\(folder)/killed/small/checkpoints"
      while process.isRunning,
        (try? FileManager.default.contentsOfDirectory(atPath: checkpoints))?.isEmpty ?? true
      { usleep(1000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let next = try sweep("killed", in: folder)
      #expect(next.code == 0, "\(next.errors)")
      #expect(try history("killed", in: folder) == history("whole", in: folder))
      #expect(try weights("killed", in: folder) == weights("whole", in: folder))
    }
  }

  @Test("A broken data set leaves no store behind")
  func brokenData() throws {
    try withRun { folder in
      try Data("no image".utf8).write(to: URL(filePath: folder + "/data/train/checks/bad.png"))
      let run = try sweep("new", in: folder)
      #expect(run.code == 65)
      #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
    }
  }
}
