import Foundation

package struct CommandResult: Sendable, Equatable {
  /// Its exit code; 128 plus the signal's number where a signal ended it.
  package var code: Int32
  package var output, errors: String

  package init(code: Int32 = 0, output: String = "", errors: String = "") {
    self.code = code
    self.output = output
    self.errors = errors
  }
}

/// Runs other programs; tests replace it with one that only answers.
package protocol CommandRunner {
  /// Runs a program of the search path to its end; nil where there is no such program.
  ///
  /// Throws where the system refuses to start it.
  func run(_ program: String, _ arguments: [String]) throws(SweepError) -> CommandResult?
}

package struct SystemCommands: CommandRunner {
  private let environment: [String: String]

  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// Runs a program of the search path to its end; nil where there is no such program.
  ///
  /// Its standard input is empty. Throws where the system refuses to start it.
  package func run(
    _ program: String, _ arguments: [String]
  ) throws(SweepError) -> CommandResult? {
    guard let path = path(of: program) else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw .system(Self.number(of: error), at: path, "cannot start the program")
    }
    let texts = Self.read([
      output.fileHandleForReading.fileDescriptor, errors.fileHandleForReading.fileDescriptor,
    ])
    process.waitUntilExit()
    return CommandResult(
      code: process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0),
      output: texts[0], errors: texts[1])
  }

  /// Where a program lies; nil where it is in no folder of the search path.
  package func path(of program: String) -> String? {
    environment["PATH", default: "/usr/bin:/bin"].split(separator: ":")
      .map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
  }

  /// Reads several pipes to their ends; none of them can fill up and stop the program.
  private static func read(_ descriptors: [Int32]) -> [String] {
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var bytes = [[UInt8]](repeating: [], count: descriptors.count)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while polled.contains(where: { $0.fd >= 0 }) {
      if poll(&polled, nfds_t(polled.count), -1) < 0 && errno != EINTR { break }
      for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
        let count = Foundation.read(polled[index].fd, &buffer, buffer.count)
        if count > 0 {
          bytes[index] += buffer[..<count]
        } else if count == 0 || errno != EINTR {
          polled[index].fd = -1
        }
      }
    }
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The system's error number in an error of Foundation's `Process`.
  private static func number(of error: any Error) -> Int32 {
    let error = error as NSError
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return underlying.domain == NSPOSIXErrorDomain ? Int32(underlying.code) : ENOENT
  }
}
