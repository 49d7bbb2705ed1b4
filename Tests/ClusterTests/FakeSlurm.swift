import CPUEngine
import Common
import Foundation
import Results
import Testing

@testable import Cluster
@testable import Study

/// Slurm's programs as a test wants them.
final class FakeSlurm: CommandRunner {
  /// What was run: the program and its arguments.
  private(set) var calls: [[String]] = []
  /// What `squeue` prints; nil where there is no Slurm.
  var queue: String? = ""
  /// Programs that fail, with what they say.
  var failures: [String: String] = [:]
  /// What `scontrol show config` prints.
  var configuration = ""
  private var lastJob = 100

  func run(_ program: String, _ arguments: [String]) -> CommandResult? {
    if arguments.first != "show" { calls.append([program] + arguments) }
    guard let queue else { return nil }
    if let failure = failures[program] { return CommandResult(code: 1, errors: failure) }
    switch program {
    case "squeue" where arguments.contains("--format=%T"):
      return CommandResult(output: "RUNNING\n")
    case "squeue": return CommandResult(output: queue)
    case "scontrol" where arguments.first == "show": return CommandResult(output: configuration)
    case "sbatch":
      lastJob += 1
      return CommandResult(output: "\(lastJob)\n")
    default: return CommandResult()
    }
  }

  /// The calls of a program.
  func calls(of program: String) -> [[String]] { calls.filter { $0[0] == program } }
}

/// A folder with an experiment of four cells to submit; removed when dropped.
final class Site {
  let path: String
  let slurm = FakeSlurm()
  var store: String { path + "/results/sweep.sqlite" }
  var folder: ClusterFolder {
    ClusterFolder(submission: path + "/results/trial/slurm/submissions/001", experiment: "trial")
  }
  var submission: String { folder.submission(1) }

  init() throws {
    path = NSTemporaryDirectory() + "sweep-cluster-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try setAxes("")
  }

  /// Writes the experiment with further axes, `"optimizer.lr": [0.1], `.
  func setAxes(_ axes: String) throws {
    try write(
      """
      {"name": "trial", "dataset": {"root": "data"}, "epochs": 2, "batch_size": 8, "grid": {
       \(axes)"model": ["mobilenet_v1", "mobilenet_v2"], "width": [0.1], "resolution": [64, 48]}}
      """, to: "trial.json")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    let file = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  var plan: Plan {
    get throws {
      try Plan(
        Experiment(contentsOf: path + "/trial.json"), data: size, engine: CPUEngine(threads: 1))
    }
  }

  let size = DataSize(classes: 2, trainImages: 20, valImages: 4)

  func submitter(_ change: (inout Submitter.Request) -> Void = { _ in }) throws -> Submitter {
    var request = Submitter.Request(
      plan: try plan, size: size, store: store, program: path + "/program")
    request.fingerprint = "f00d"
    change(&request)
    return try Submitter(request, slurm: Slurm(slurm))
  }

  /// What a submission would send now.
  func draft(_ change: (inout Submitter.Request) -> Void = { _ in }) throws -> Submitter.Draft {
    try submitter(change).draft(try records(in: store))
  }

  /// Submits what is left.
  @discardableResult
  func submit(
    _ change: (inout Submitter.Request) -> Void = { $0.maximumTasks = 2 }
  ) throws -> Submitter.Draft {
    let submitter = try submitter(change)
    try SweepRunner.register(plan, in: Store.open(store))
    let draft = try submitter.draft(try records(in: store))
    try submitter.write(draft)
    _ = try submitter.submit(draft)
    return draft
  }

  func records(in store: String) throws -> [CellRecord] {
    guard FileManager.default.fileExists(atPath: store) else { return [] }
    return try Store.read(store).cells(of: "trial")
  }

  /// Records runs of cells in a store as if they had been trained.
  func train(_ cells: Set<String>, in path: String, as outcome: RunOutcome = .done) throws {
    let store = try Store.open(path)
    try SweepRunner.register(plan, in: store)
    for cell in try store.cells(of: "trial") where cells.contains(cell.description.id) {
      let run = try store.begin(
        RunEnvironment(device: CPUEngine(threads: 1).device).description(
          initialWeights: "", dataFingerprint: "f00d", resumedEpochs: 0), of: cell)
      for epoch in 1...2 where outcome == .done {
        try store.record(
          EpochRecord(
            epoch: epoch, trainLoss: 1, trainAccuracy: 0.5, valLoss: 1, valAccuracy: 0.5,
            learningRate: 0.001, trainSeconds: 1, valSeconds: 1, imagesPerSecond: 1), of: run)
      }
      try store.finish(run, outcome)
    }
  }

  /// A line of `squeue` for a task of the first submission.
  func entry(_ index: Int, _ state: String, node: String = "", reason: String = "None") -> String {
    "101_\(index)|\(state)|2026-01-31T12:00:00|\(node)|\(reason)|\(submission)\n"
  }
}
