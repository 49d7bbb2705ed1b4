import Foundation

/// The built program at work.
final class RunningSweep {
  private let process = Process()
  private let folder: String
  private let errorFile: String

  /// Starts `sweep` with the given arguments, without a terminal.
  init(_ arguments: [String], in folder: String) throws {
    self.folder = folder
    errorFile = "\(folder)/\(UUID().uuidString).err"
    _ = FileManager.default.createFile(atPath: errorFile, contents: nil)
    process.executableURL = SweepProcess.program
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(filePath: errorFile))
    try process.run()
  }

  var isRunning: Bool { process.isRunning }

  /// What it has written to standard error so far.
  var errors: String { (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? "" }

  /// Waits until something is so, or it has ended.
  func wait(until condition: () -> Bool) {
    while isRunning, !condition() { usleep(1000) }
  }

  /// Waits until it has put a file into a folder, or has ended.
  func waitFor(_ name: String) {
    let path = "\(folder)/\(name)"
    wait { (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == false }
  }

  /// Waits until it has opened a file, or has ended.
  func waitUntilOpen(_ name: String) {
    let open = "/proc/\(process.processIdentifier)/fd"
    wait {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: open)) ?? []
      return files.contains { file in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(open)/\(file)"))?
          .hasSuffix(name) == true
      }
    }
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for its end; gives its exit code, or the signal that ended it, and what it wrote to
  /// standard error.
  func end() -> (code: Int32, errors: String) {
    process.waitUntilExit()
    return (process.terminationStatus, errors)
  }
}
