import Foundation

/// One run of the built program.
struct SweepProcess {
  /// The exit code.
  let code: Int32
  /// What it wrote to standard output.
  let output: String
  /// What it wrote to standard error.
  let errors: String

  /// The program, which is built into the folder that holds the tests' own bundle.
  static var program: URL {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    return tests.appendingPathComponent("sweep")
  }

  /// Runs `sweep` with the given arguments, without a terminal, and waits for its end.
  init(_ arguments: String..., in folder: String = NSTemporaryDirectory()) throws {
    try self.init(list: arguments, in: folder)
  }

  /// Runs `sweep`, or another program, with a list of arguments.
  ///
  /// `environment` is added to the tests' own.
  init(
    list arguments: [String], in folder: String = NSTemporaryDirectory(),
    program: URL = Self.program, environment: [String: String] = [:]
  ) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    // A file for each stream: a pipe that nobody reads could fill up.
    let files = try ["out", "err"].map { name in
      let path = NSTemporaryDirectory() + "sweep-\(UUID().uuidString).\(name)"
      _ = FileManager.default.createFile(atPath: path, contents: nil)
      return (path: path, handle: try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
    }
    defer { for file in files { try? FileManager.default.removeItem(atPath: file.path) } }
    process.standardOutput = files[0].handle
    process.standardError = files[1].handle
    try process.run()
    process.waitUntilExit()
    code = process.terminationStatus
    let texts = try files.map { try String(contentsOfFile: $0.path, encoding: .utf8) }
    output = texts[0]
    errors = texts[1]
  }
}

/// Runs `body` with a new folder that is removed afterwards.
func withTemporaryFolder(_ body: (_ path: String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "sweep-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}
