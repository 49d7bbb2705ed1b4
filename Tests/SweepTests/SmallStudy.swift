import Foundation
import GRDB
import Testing

/// A folder with a drawn data set, a small experiment, and its whole run in `whole/sweep.sqlite`.
struct SmallStudy {
  let folder: String

  private static let experiment = """
    {"name": "small", "dataset": {"root": "data"}, "epochs": 2, "batch_size": 4,
     "grid": {"model": ["mobilenet_v1", "mobilenet_v2"], "width": [0.1], "resolution": [40, 33]}}
    """

  /// Such a folder, made once and copied for each test.
  private static let original = Result { () throws -> String in
    let folder = originalPath
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: SmallStudy.originalPath) }
    let drawn = try SweepProcess(
      "data", "synth", "data", "--classes", "2", "--train-per-class", "5", "--val-per-class", "2",
      "--size", "24", in: folder)
    #expect(drawn.code == 0)
    try experiment.write(toFile: folder + "/small.json", atomically: true, encoding: .utf8)
    let run = try SmallStudy(folder: folder).run("whole")
    #expect(run.code == 0, "\(run.errors)")
    return folder
  }

  private static let originalPath = NSTemporaryDirectory() + "sweep-study-\(UUID().uuidString)"

  /// Runs `body` with such a folder of its own, which is removed afterwards.
  static func with(_ body: (_ study: SmallStudy) throws -> Void) throws {
    let original = try original.get()
    try withTemporaryFolder { folder in
      for name in try FileManager.default.contentsOfDirectory(atPath: original) {
        try FileManager.default.copyItem(
          atPath: "\(original)/\(name)", toPath: "\(folder)/\(name)")
      }
      try body(SmallStudy(folder: folder))
    }
  }

  /// Has the experiment train for so many epochs.
  func setEpochs(_ epochs: Int) throws {
    try Self.experiment.replacing("\"epochs\": 2", with: "\"epochs\": \(epochs)")
      .write(toFile: folder + "/small.json", atomically: true, encoding: .utf8)
  }

  /// Has the experiment train other cells.
  func write(models: [String], widths: [Double], resolutions: [Int], epochs: Int) throws {
    try """
    {"name": "small", "dataset": {"root": "data"}, "epochs": \(epochs), "batch_size": 4,
     "grid": {"model": \(models), "width": \(widths), "resolution": \(resolutions)}}
    """.write(toFile: folder + "/small.json", atomically: true, encoding: .utf8)
  }

  /// Merges stores into another one.
  func merge(_ stores: [String], into target: String) throws -> SweepProcess {
    try SweepProcess(
      list: ["merge"] + ([target] + stores).map { "\($0)/sweep.sqlite" }, in: folder)
  }

  private static func arguments(_ store: String, _ options: [String]) -> [String] {
    ["run", "small.json", "--store", "\(store)/sweep.sqlite", "--progress", "plain"] + options
  }

  /// Runs the experiment on a store and waits for its end.
  func run(_ store: String, _ options: [String] = []) throws -> SweepProcess {
    try SweepProcess(list: Self.arguments(store, options), in: folder)
  }

  /// Runs the experiment on a store under a limit of the shell's `ulimit`.
  func run(_ store: String, limit: String) throws -> SweepProcess {
    let command = "ulimit \(limit); exec \"$0\" \"$@\""
    return try SweepProcess(
      list: ["-c", command, SweepProcess.program.path] + Self.arguments(store, []), in: folder,
      program: URL(filePath: "/bin/sh"))
  }

  /// Starts a run of the experiment on a store.
  func start(_ store: String, _ options: [String] = []) throws -> RunningSweep {
    try RunningSweep(Self.arguments(store, options), in: folder)
  }

  /// Runs `body` with another program's connection to a store.
  func connect<T>(_ store: String, _ body: (Database) throws -> T) throws -> T {
    try DatabaseQueue(path: "\(folder)/\(store)/sweep.sqlite").writeWithoutTransaction(body)
  }

  /// The history without its last column, the seconds.
  func history(_ store: String) throws -> [Substring] {
    let report = try SweepProcess(
      "report", "--history", "--csv", "--store", "\(store)/sweep.sqlite", in: folder)
    return report.output.split(separator: "\n").map {
      $0[..<($0.lastIndex(of: ",") ?? $0.endIndex)]
    }
  }

  /// The files of final weights.
  func weights(_ store: String) throws -> [String: Data] {
    let path = "\(folder)/\(store)/small/final"
    return Dictionary(
      uniqueKeysWithValues: try FileManager.default.contentsOfDirectory(atPath: path).map {
        ($0, try Data(contentsOf: URL(filePath: "\(path)/\($0)")))
      })
  }

  /// Expects a store to be as that of the whole run, figures and weights.
  func expectWhole(_ store: String, at location: SourceLocation = #_sourceLocation) throws {
    #expect(try history(store) == history("whole"), sourceLocation: location)
    #expect(try weights(store) == weights("whole"), sourceLocation: location)
    let check = try connect(store) { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
    #expect(check == "ok", sourceLocation: location)
  }
}
