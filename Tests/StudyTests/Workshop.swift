import Common
import Engine
import Foundation
import Results
import Testing
import Weights

@testable import Study

/// A folder of its own to run sweeps in, with a fake engine; removed when dropped.
final class Workshop {
  let path: String
  let engine = FakeEngine()
  let batches: FakeBatches
  var store: String { path + "/results/sweep.sqlite" }

  init(trainImages: Int = 20) throws {
    // Every epoch is synced to the disk; in memory that takes no time.
    let memory = "/dev/shm/"
    let folder = access(memory, W_OK) == 0 ? memory : NSTemporaryDirectory()
    path = folder + "sweep-study-\(UUID().uuidString)"
    batches = FakeBatches(trainImages: trainImages)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A file of two models at two resolutions; `settings` are further lines.
  static func file(
    epochs: Int = 2, models: [String] = ["mobilenet_v1", "mobilenet_v2"],
    resolutions: [Int] = [64, 48], settings: String = ""
  ) -> String {
    """
    {
    "name": "trial", "dataset": {"root": "data"},
    "grid": {"model": \(models), "width": [0.1], "resolution": \(resolutions)},
    "epochs": \(epochs), "batch_size": 8\(settings.isEmpty ? "" : ",\n" + settings)
    }
    """
  }

  /// What a sweep runs with; none of it is asked for by most tests.
  struct Settings {
    var options = SweepRunner.Options()
    var host = "here"
    var files: any ResultFiles = DiskFiles()
    var memory: Int?
    var clock: (() -> Double)?
    var pause: (Double) -> Void = { _ in }
  }

  /// Runs the cells that failed.
  func retry(_ file: String = file()) throws {
    var settings = Settings()
    settings.options.retryFailed = true
    try run(file, settings: settings)
  }

  /// Runs what is missing of a file.
  func run(
    _ file: String = file(), only: [String] = [], interrupt: Interrupt = Interrupt(),
    observer: (any RunObserver)? = nil, settings: Settings = Settings(), store: Store? = nil
  ) throws {
    let experiment = try Experiment(bytes: Array(file.utf8), file: "trial.json")
    engine.freeMemory = settings.memory
    var setup = SweepSetup(
      plan: try Plan(experiment, data: batches.size, engine: engine),
      store: try store ?? Store.open(self.store), engine: engine, batches: batches,
      environment: RunEnvironment(
        device: engine.device, host: settings.host, programVersion: "test"))
    setup.options = settings.options
    for text in only {
      setup.options.only.append(try GridClause(argument: text, grid: experiment.grid))
    }
    setup.interrupt = interrupt
    setup.files = settings.files
    setup.pause = settings.pause
    var ticks = 0.0
    setup.clock =
      settings.clock ?? {
        ticks += 0.125
        return ticks
      }
    try SweepRunner(setup, observer: observer).run()
  }

  /// The cells' statuses by id.
  func statuses() throws -> [String: CellStatus] {
    Dictionary(
      uniqueKeysWithValues: try Store.read(store).cells(of: "trial")
        .map { ($0.description.id, $0.status) })
  }

  /// The cells' records, times left out.
  func history() throws -> [HistoryLine] {
    try Store.read(store).history(of: "trial").map {
      HistoryLine(
        cell: $0.cell, epoch: $0.record.epoch, trainLoss: $0.record.trainLoss,
        valLoss: $0.record.valLoss, trainAccuracy: $0.record.trainAccuracy)
    }
  }

  /// All weights and checkpoints by kind and recipe; how long steps took is left out.
  ///
  /// No other file may lie beside them.
  func files() throws -> [String: Safetensors.Contents] {
    let store = try Store.read(store)
    var files: [String: Safetensors.Contents] = [:]
    var left = try Set(
      ["initial", "final", "checkpoints"].flatMap { folder in
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/results/trial/\(folder)").map {
          "trial/\(folder)/\($0)"
        }
      })
    for record in try store.files(of: "trial") where record.isWritten {
      let file = WeightsFile(record, in: store.folder, files: DiskFiles())
      var contents = try file.contents()
      contents.metadata["seconds"] = nil
      files["\(record.kind) \(record.recipe)"] = contents
      left.subtract([record.path, record.path + ".previous"])
    }
    #expect(left.isEmpty, "\(left)")
    return files
  }

  /// The path of a cell's file of a kind.
  func file(_ kind: FileRecord.Kind, _ cell: String) throws -> String {
    let store = try Store.read(store)
    let recipe = try #require(
      try store.cells(of: "trial").first { $0.description.id == cell }?.description.recipe)
    let record = try #require(try store.file(kind, of: recipe, in: "trial"))
    return "\(store.folder)/\(record.path)"
  }

  /// The path of a cell's checkpoint.
  func checkpoint(_ cell: String) throws -> String { try file(.checkpoint, cell) }
}

/// What a record says, but for times.
struct HistoryLine: Equatable {
  let cell: String
  let epoch: Int
  let trainLoss: Double
  let valLoss: Double?
  let trainAccuracy: Double
}
