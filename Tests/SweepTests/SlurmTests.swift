import Foundation
import Testing

/// Sweeps by a real Slurm of two nodes on this machine.
///
/// `scripts/slurm-torture` does worse to one, and takes longer.
@Suite(.serialized) struct SlurmTests {
  /// Whether Slurm and munge are installed.
  private static var isInstalled: Bool {
    ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"]
      .allSatisfy(FileManager.default.isExecutableFile)
  }

  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../scripts/local-slurm").standardizedFileURL.path

  /// Runs a program to its end; gives its exit code.
  private static func run(_ program: String, _ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// A folder with an experiment, and a Slurm that lives as long as `body`.
  private func withSlurm(_ body: (_ folder: String, Sweep) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let slurm = folder + "/slurm"
      try #require(try Self.run(Self.script, "start", slurm) == 0)
      defer { _ = try? Self.run(Self.script, "stop", slurm) }
      let sweep = Sweep(folder: folder, configuration: slurm + "/slurm.conf")
      #expect(
        try sweep(
          "data", "synth", "data", "--classes", "2", "--train-per-class", "5", "--val-per-class",
          "2", "--size", "24"
        ).code == 0)
      let experiment = """
        {"name": "small", "dataset": {"root": "data"}, "epochs": 2, "batch_size": 4,
         "grid": {"model": ["mobilenet_v1", "mobilenet_v2"], "width": [0.1], "resolution": [40, 33]}}
        """
      try experiment.write(toFile: folder + "/small.json", atomically: true, encoding: .utf8)
      try body(folder, sweep)
    }
  }

  /// The built program, which finds that Slurm.
  private struct Sweep {
    let folder: String
    let configuration: String

    func callAsFunction(_ arguments: String...) throws -> SweepProcess {
      try SweepProcess(
        list: arguments, in: folder, environment: ["SLURM_CONF": configuration])
    }

    /// The history without its last column, the seconds.
    func history(_ store: String) throws -> [Substring] {
      try self("report", "--history", "--csv", "--store", store).output.split(separator: "\n")
        .map { $0[..<($0.lastIndex(of: ",") ?? $0.endIndex)] }
    }

    /// Waits until the results are put together; gives what `status` then says.
    func waitForEnd() throws -> String {
      let deadline = ContinuousClock.now + .seconds(120)
      while ContinuousClock.now < deadline {
        let log = folder + "/results/small/slurm/submissions"
        let merge = try? String(contentsOfFile: log + "/001/merge.log", encoding: .utf8)
        if merge?.contains(" merged, ") == true { return try self("status").output }
        usleep(200_000)
      }
      Issue.record("Slurm did not come to an end")
      return ""
    }
  }

  @Test(
    "What Slurm's nodes train is what one machine trains, and nothing is submitted twice",
    .enabled(if: isInstalled, "needs Slurm and munge"))
  func grid() throws {
    try withSlurm { folder, sweep in
      let first = try sweep(
        "submit", "small.json", "--max-tasks", "2", "--cpus-per-task", "1", "--scratch",
        folder + "/a node's disk", "--", "--comment", "it's 'quoted'")
      #expect(first.code == 0, "\(first.errors)")
      #expect(first.output.hasPrefix("4 cells: 0 done, 0 queued, 4 to send in 2 tasks\n"))
      let second = try sweep("submit", "small.json")
      #expect(second.output == "4 cells: 0 done, 4 queued, 0 to send\n", "\(second.errors)")
      #expect(try sweep.waitForEnd().hasPrefix("small, 4 cells: 4 done\n"))
      let third = try sweep("submit", "small.json")
      #expect(third.output == "4 cells: 4 done, 0 queued, 0 to send\n")

      let alone = try sweep("run", "small.json", "--store", "alone/sweep.sqlite")
      #expect(alone.code == 0, "\(alone.errors)")
      #expect(try sweep.history("results/sweep.sqlite") == sweep.history("alone/sweep.sqlite"))
      #expect(try sweep.history("results/sweep.sqlite").count == 9)
      let weights = try ["results", "alone"].map { store in
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(store)/small/final")
          .sorted().map {
            try Data(contentsOf: URL(filePath: "\(folder)/\(store)/small/final/\($0)"))
          }
      }
      #expect(weights[0].count == 4)
      #expect(weights[0] == weights[1])
      // One writer a file, and no WAL.
      let task = "\(folder)/results/small/slurm/tasks/0001/sweep.sqlite"
      let header = try Data(contentsOf: URL(filePath: task))
      #expect(header[18] == 1 && header[19] == 1)
    }
  }
}
