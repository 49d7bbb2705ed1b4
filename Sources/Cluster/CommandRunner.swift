import Common
import Foundation

/// What a program that was run came to.
public struct CommandResult: Sendable, Equatable {
  /// Its exit code; 128 and more where a signal ended it.
  public var code: Int32
  /// What it wrote to standard output.
  public var output: String
  /// What it wrote to standard error.
  public var errors: String

  /// The result of a program.
  public init(code: Int32 = 0, output: String = "", errors: String = "") {
    self.code = code
    self.output = output
    self.errors = errors
  }
}

/// Runs other programs; tests put one in its place that only answers.
public protocol CommandRunner {
  /// Runs a program of the search path to its end; nil where there is no such program.
  func run(_ program: String, _ arguments: [String]) -> CommandResult?
}

/// Runs the programs of this machine.
public struct SystemCommands: CommandRunner {
  /// The programs of this machine.
  public init() {}

  /// Runs a program of the search path to its end; nil where there is no such program.
  public func run(_ program: String, _ arguments: [String]) -> CommandResult? {
    guard let path = Self.path(of: program) else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch { return nil }
    // Slurm's programs say little on standard error: it cannot fill its pipe meanwhile.
    let written = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    let remarks = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    return CommandResult(
      code: process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0),
      output: String(decoding: written, as: UTF8.self),
      errors: String(decoding: remarks, as: UTF8.self))
  }

  /// Where a program lies; nil where it is in no folder of the search path.
  static func path(of program: String) -> String? {
    let folders = ProcessInfo.processInfo.environment["PATH", default: "/usr/bin:/bin"]
    return folders.split(separator: ":").map { "\($0)/\(program)" }
      .first { access($0, X_OK) == 0 }
  }
}
